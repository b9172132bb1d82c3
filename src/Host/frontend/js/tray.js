// Pages taken one by one with the camera, or chosen from the device: seen, put in order or thrown away, and only then sent.
const longest = 2600;

/** A picture of the camera is made small enough for a poor network; what a scanner made stays as it is. */
const smaller = async file => {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.85));
  return blob ? new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
};

const thumbnail = async (file, canvas) => {
  const picture = file.type.startsWith('image/') ? await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null) : null;
  if (!picture) {
    canvas.remove();
    return;
  }
  const scale = 120 / Math.max(picture.width, picture.height);
  [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
};

const make = (tag, props) => Object.assign(document.createElement(tag), props);

for (const tray of document.querySelectorAll('[data-tray]')) {
  const chosen = tray.closest('form').querySelector('input[type=file]');
  const text = tray.dataset;
  let pages = [];
  const list = make('ol', { className: 's-tray' });
  const camera = make('input', { type: 'file', accept: 'image/*', hidden: true });
  camera.setAttribute('capture', 'environment');
  const take = make('button', { type: 'button', className: 'govuk-button govuk-button--secondary', textContent: text.take });
  const said = make('p', { className: 's-quiet' });
  said.setAttribute('role', 'status');
  tray.append(take, camera, said, list);
  tray.hidden = false;

  const show = () => {
    const files = new DataTransfer();
    for (const page of pages) files.items.add(page);
    chosen.files = files.files;
    said.textContent = pages.length ? `${text.pages} ${pages.length}` : '';
    list.replaceChildren(...pages.map((page, at) => {
      const canvas = make('canvas', {});
      canvas.setAttribute('aria-hidden', 'true');
      thumbnail(page, canvas);
      const button = (label, off, act) => {
        const b = make('button', { type: 'button', textContent: label, disabled: off });
        b.setAttribute('aria-label', `${label}: ${at + 1}`);
        b.addEventListener('click', () => { act(); show(); });
        return b;
      };
      const swap = other => { [pages[at], pages[other]] = [pages[other], pages[at]]; };
      const item = make('li', {});
      item.append(canvas, make('bdi', { textContent: page.name }), button(text.earlier, at === 0, () => swap(at - 1)), button(text.later, at === pages.length - 1, () => swap(at + 1)), button(text.remove, false, () => { pages = pages.filter(p => p !== page); }));
      return item;
    }));
  };

  take.addEventListener('click', () => camera.click());
  camera.addEventListener('change', async () => {
    const taken = await Promise.all([...camera.files].map(smaller));
    camera.value = '';
    pages = [...pages, ...taken];
    show();
    take.focus();
  });
  // Choosing files again adds to what is there.
  chosen.addEventListener('change', () => {
    pages = [...pages, ...chosen.files];
    show();
  });
}

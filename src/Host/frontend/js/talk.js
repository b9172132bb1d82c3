// The conversation page works as plain forms; this shows what is new without loading the page, and sends again what a bad line swallowed.
const root = document.querySelector('[data-talk]');

const newest = () => Number(root.querySelector('#lines').dataset.newest);

function swap(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('#lines');
  if (!fresh || Number(fresh.dataset.newest) < newest()) return;
  const old = root.querySelector('#lines');
  // What is being typed stays.
  const typed = old.querySelector('[name=text]')?.value;
  const field = fresh.querySelector('[name=text]');
  const had = document.activeElement?.name === 'text';
  if (typed && field) field.value = typed;
  old.replaceWith(fresh);
  if (had) field?.focus({ preventScroll: true });
  fresh.querySelector('.s-talk > :last-child')?.scrollIntoView({ block: 'nearest' });
}

async function refresh() {
  const answer = await fetch(location.pathname, { cache: 'no-store' });
  if (answer.ok) swap(await answer.text());
}

async function send(body, tries = 0) {
  const note = root.querySelector('[data-talk-note]');
  try {
    const answer = await fetch(location.pathname, { method: 'POST', body });
    if (answer.status >= 500) throw new Error('server');
    note.hidden = true;
    const field = root.querySelector('[name=text]');
    if (field && answer.ok) field.value = '';
    swap(await answer.text());
  } catch {
    // The form carries a number of its own, so that sending it again is one message.
    note.textContent = root.dataset.offline;
    note.hidden = false;
    setTimeout(() => send(body, tries + 1), Math.min(20000, 1500 * 2 ** tries));
  }
}

function listen() {
  const stream = new EventSource(`${root.dataset.talk}?after=${newest()}`);
  stream.addEventListener('line', () => refresh().catch(() => {}));
}

if (root) {
  root.addEventListener('submit', event => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    if (form.dataset.busy) return;
    const body = new URLSearchParams(new FormData(form));
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
    if (!body.get('say') && !body.get('text')?.trim()) return form.querySelector('[name=text]')?.focus();
    form.dataset.busy = '1';
    send(body);
  });
  if (newest() > 0) listen();
  else new MutationObserver((_, watch) => { if (newest() > 0) { watch.disconnect(); listen(); } }).observe(root, { childList: true });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh().catch(() => {}); });
}

// What an official writes outlives an outage: every field of a form with a long text is kept in this browser until the server says
// that it took exactly this form (cookie "taken"). A kept text that the page does not show is offered, and goes only when thrown away.
const keptFor = 30 * 86400000;
const most = 10;
const box = document.querySelector('[data-unsent]');
const say = (name, time) => (box?.dataset[name] ?? '').replace('{0}', time);
// On a shared machine each official has drafts of his own.
const mine = `draft:${document.body.dataset.who ?? ''}:`;
const keys = () => Object.keys(localStorage).filter(key => key.startsWith('draft:'));
const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const read = key => {
  try {
    const list = JSON.parse(localStorage.getItem(key));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
};
const write = (key, list) => {
  try {
    if (list.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(list.slice(-most)));
    return true;
  } catch {
    return false;
  }
};
const without = (key, id) => write(key, read(key).filter(entry => entry.id !== id));
const timeOf = at => new Date(at).toLocaleString(document.documentElement.lang, new Date(at).toDateString() === new Date().toDateString() ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
const button = (text, act) => {
  const made = document.createElement('button');
  Object.assign(made, { type: 'button', className: 's-act', textContent: text });
  made.addEventListener('click', act);
  return made;
};

const taken = document.cookie.match(/(?:^|; )taken=([0-9a-f.]+)/)?.[1].split('.') ?? [];
for (const key of keys()) write(key, read(key).filter(entry => !taken.includes(entry.id) && Date.now() - entry.at < keptFor));
if (taken.length > 0) document.cookie = 'taken=; max-age=0; path=/; samesite=strict';

const fields = form => [...form.elements].filter(field => field.name && /^(?:INPUT|SELECT|TEXTAREA)$/.test(field.tagName) && !/^(?:hidden|file|password|submit|button)$/.test(field.type));

// By name, in the order of the page; as the server sent them where asked.
function values(form, shown = false) {
  const all = {};
  for (const field of fields(form)) {
    const list = all[field.name] ??= [];
    if (field.type === 'checkbox' || field.type === 'radio') {
      if (shown ? field.defaultChecked : field.checked) list.push(field.value);
    } else if (field.tagName === 'SELECT') {
      const first = field.multiple ? [] : [...field.options].slice(0, 1);
      const chosen = [...field.options].filter(option => shown ? option.defaultSelected : option.selected);
      list.push(...(chosen.length > 0 ? chosen : first).map(option => option.value));
    } else {
      list.push(shown ? field.defaultValue : field.value);
    }
  }
  return all;
}

function put(form, kept) {
  const used = {};
  for (const field of fields(form)) {
    const list = kept[field.name];
    if (!list) continue;
    if (field.type === 'checkbox' || field.type === 'radio') field.checked = list.includes(field.value);
    else if (field.tagName === 'SELECT') [...field.options].forEach(option => { option.selected = list.includes(option.value); });
    else field.value = list[used[field.name] = (used[field.name] ?? -1) + 1] ?? '';
    if (field.tagName === 'TEXTAREA') field.dispatchEvent(new Event('input'));
    const folded = field.closest('details');
    if (folded && (field.checked || (field.type !== 'checkbox' && field.value))) folded.open = true;
  }
}

const forms = [...new Set([...document.querySelectorAll('textarea[data-draft]')].map(area => area.form))].filter(Boolean);
const keyOf = form => mine + form.querySelector('textarea[data-draft]').dataset.draft;
for (const form of forms) {
  const key = keyOf(form);
  const shown = values(form, true);
  const mark = document.createElement('input');
  Object.assign(mark, { type: 'hidden', name: '_kept', value: [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('') });
  form.append(mark);
  const note = document.createElement('p');
  note.className = 's-draft';
  note.setAttribute('role', 'status');
  form.querySelector('textarea[data-draft]').after(note);
  let goesOn = false;
  const goOn = entry => {
    mark.value = entry.id;
    goesOn = true;
  };

  const here = values(form);
  const same = read(key).find(entry => equal(entry.fields, here));
  // Shown again after a refusal, or by the browser's own memory, it is still only here; else the server has it.
  if (same && (document.querySelector('[data-focus]') || !equal(here, shown))) goOn(same);
  else if (same) without(key, same.id);

  const keep = () => {
    const now = values(form);
    const before = read(key).find(entry => entry.id === mark.value);
    const others = read(key).filter(entry => entry.id !== mark.value);
    if (!goesOn && equal(now, shown)) {
      write(key, others);
      note.textContent = '';
      return;
    }
    const kept = write(key, [...others, { id: mark.value, at: Date.now(), page: location.pathname + location.search, title: before?.title ?? document.title, fields: now }]);
    note.textContent = say(kept ? 'kept' : 'full');
  };
  let rest = 0;
  const now = () => {
    clearTimeout(rest);
    rest = 0;
    keep();
  };
  const soon = () => {
    clearTimeout(rest);
    rest = setTimeout(now, 300);
  };
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  form.addEventListener('submit', now);
  addEventListener('pagehide', () => { if (rest) now(); });

  const offers = read(key).filter(entry => entry.id !== mark.value);
  const use = (entry, line) => {
    // What was typed meanwhile stays kept beside it.
    now();
    put(form, entry.fields);
    goOn(entry);
    line.replaceChildren(`${say('back', timeOf(entry.at))} `, button(say('away'), () => {
      without(key, entry.id);
      form.reset();
      goesOn = false;
      line.remove();
    }));
  };
  // Into a form in which nothing is written it comes by itself.
  const blank = fields(form).every(field => !/^(?:text|textarea)$/.test(field.type) || !field.value);
  for (const entry of offers) {
    const line = document.createElement('p');
    line.className = 's-draft s-draft--offer';
    form.prepend(line);
    if (blank && offers.length === 1) {
      use(entry, line);
      continue;
    }
    line.append(`${say('offer', timeOf(entry.at))} `, button(say('use'), () => use(entry, line)), ' ', button(say('away'), () => {
      without(key, entry.id);
      line.remove();
    }));
  }
}

// What is kept of other pages, also of those whose form is gone meanwhile; the newest first.
const open = forms.map(keyOf);
const elsewhere = keys().filter(key => key.startsWith(mine) && !open.includes(key)).flatMap(key => read(key).map(entry => ({ key, entry })));
for (const { key, entry } of elsewhere.sort((one, other) => other.entry.at - one.entry.at)) {
  const part = document.createElement('details');
  const name = document.createElement('summary');
  const title = document.createElement('bdi');
  title.textContent = entry.title;
  name.append(title, ` · ${timeOf(entry.at)}`);
  const text = document.createElement('p');
  text.className = 's-note';
  text.dir = 'auto';
  text.textContent = Object.values(entry.fields).flat().filter(Boolean).join('\n');
  const link = document.createElement('a');
  Object.assign(link, { className: 'govuk-link', href: entry.page, textContent: say('open') });
  part.append(name, text, link, ' ', button(say('away'), () => {
    without(key, entry.id);
    part.remove();
    box.hidden = !box.querySelector('details');
  }));
  box?.append(part);
  if (box) box.hidden = false;
}

// Signing out leaves nothing of his behind; what was not sent goes only when he says so.
document.querySelector('form[data-sign-out]')?.addEventListener('submit', event => {
  const left = keys().filter(key => key.startsWith(mine));
  if (left.length > 0 && !confirm(say('leave'))) event.preventDefault();
  else left.forEach(key => localStorage.removeItem(key));
});

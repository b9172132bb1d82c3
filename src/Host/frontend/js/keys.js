// j/k move, Enter opens, x ticks, / searches, n/p next and previous case or page, [ and ] earlier and later notings, other letters lead to writing and to the fields and buttons of what is open without pressing them, ? explains. Can be switched off (WCAG 2.1.4).
const off = 'keys-off';
const dialog = document.getElementById('keys');
const toggle = document.getElementById('keys-on');
const rows = () => [...document.querySelectorAll('tr[data-row]')];
const isOn = () => localStorage.getItem(off) !== '1';
// In the split view j and k go on from the case that is open.
let current = rows().findIndex(row => row.classList.contains('s-opened'));
rows()[current]?.scrollIntoView({ block: 'nearest' });

if (toggle) {
  toggle.checked = isOn();
  toggle.addEventListener('change', () => toggle.checked ? localStorage.removeItem(off) : localStorage.setItem(off, '1'));
}
for (const opener of document.querySelectorAll('[data-keys-help]')) {
  opener.hidden = false;
  opener.addEventListener('click', () => dialog?.showModal());
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  current = Math.min(all.length - 1, Math.max(0, current + step));
  (all[current].querySelector('a[href]') ?? all[current]).focus({ preventScroll: true });
  all[current].scrollIntoView({ block: 'nearest' });
}

document.addEventListener('focusin', event => {
  const row = event.target.closest?.('tr[data-row]');
  if (!row) return;
  rows().forEach((other, index) => {
    other.toggleAttribute('data-current', other === row);
    if (other === row) current = index;
  });
});

const actions = {
  j: () => move(1),
  k: () => move(-1),
  x: () => rows()[current]?.querySelector('input[type=checkbox]')?.click(),
  Enter: () => rows()[current]?.querySelector('a[href]')?.click(),
  '/': () => document.querySelector('input[type=search]')?.focus(),
  n: () => (document.querySelector('a[data-case=next]') ?? document.querySelector('a[rel=next]'))?.click(),
  p: () => (document.querySelector('a[data-case=previous]') ?? document.querySelector('a[rel=prev]'))?.click(),
  '[': () => document.querySelector('a[data-notes=earlier]')?.click(),
  ']': () => document.querySelector('a[data-notes=later]')?.click(),
  t: () => document.querySelector('textarea[data-draft]')?.focus(),
  '?': () => dialog?.showModal(),
};

// A button, or a field in the group that has the key; what is folded opens.
for (const key of ['a', 'c', 'd', 'f', 'g', 'i', 'q', 'r', 's', 'v', 'w']) actions[key] = () => {
  const marked = document.querySelector(`[data-key=${key}]`);
  const folded = marked?.closest('details');
  if (folded) folded.open = true;
  (marked?.matches('button') ? marked : marked?.querySelector('select,input'))?.focus();
};

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open || !isOn()) return;
  const target = event.target;
  if (target.closest?.('input:not([type=checkbox]),textarea,select,[contenteditable]')) return;
  // Enter on a link, button or box keeps its own meaning.
  if (event.key === 'Enter' && target.closest?.('a,button,input,summary')) return;
  if (!Object.hasOwn(actions, event.key)) return;
  event.preventDefault();
  actions[event.key]();
});

// The box in the head ticks all; the bar tells how many.
const boxes = () => [...document.querySelectorAll('tr[data-row] input[type=checkbox]')];
const told = document.querySelector('[data-chosen]');
if (told) told.parentElement.hidden = false;
const tell = () => { if (told) told.textContent = String(boxes().filter(box => box.checked).length); };
const all = document.querySelector('input[data-all]');
if (all) all.hidden = false;
all?.addEventListener('change', event => {
  boxes().forEach(box => { box.checked = event.target.checked; });
  tell();
});
document.addEventListener('change', event => { if (event.target.closest?.('tr[data-row]')) tell(); });
tell();

// What an official writes outlives an outage: kept in this browser under its case until the form is sent and accepted.
const keptFor = 7 * 86400000;
const prefix = 'draft:';
const areas = [...document.querySelectorAll('textarea[data-draft]')];
// On a shared machine each official has drafts of his own.
const keyOf = area => `${prefix}${document.body.dataset.who ?? ''}:${area.dataset.draft}`;

const read = key => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

for (const key of Object.keys(localStorage)) {
  if (key.startsWith(prefix) && !(Date.now() - read(key)?.at < keptFor)) localStorage.removeItem(key);
}

// Sent from the page before this one and accepted (no error summary here): the drafts are needed no more.
const sent = sessionStorage.getItem('sent-drafts');
if (sent && !document.querySelector('[data-focus]')) JSON.parse(sent).forEach(key => localStorage.removeItem(key));
sessionStorage.removeItem('sent-drafts');

for (const area of areas) {
  const key = keyOf(area);
  const note = document.createElement('p');
  note.className = 's-draft';
  note.setAttribute('role', 'status');
  area.after(note);
  const kept = read(key);
  if (kept && !area.value) {
    area.value = kept.text;
    note.textContent = document.body.dataset.draftBack ?? '';
    area.dispatchEvent(new Event('input'));
  }
  let rest;
  area.addEventListener('input', () => {
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (!area.value) {
        localStorage.removeItem(key);
        return;
      }
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), text: area.value }));
      note.textContent = document.body.dataset.draftKept ?? '';
    }, 500);
  });
  area.form?.addEventListener('submit', () => {
    sessionStorage.setItem('sent-drafts', JSON.stringify(areas.filter(other => other.form === area.form).map(keyOf)));
  });
}

// Signing out leaves nothing behind.
document.querySelector('form[data-sign-out]')?.addEventListener('submit', () => {
  Object.keys(localStorage).filter(key => key.startsWith(prefix)).forEach(key => localStorage.removeItem(key));
});

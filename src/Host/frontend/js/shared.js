// Everything here makes a page that already works nicer; nothing depends on it.

// The summary of faults is read out first.
document.querySelector('[data-focus]')?.focus();
document.addEventListener('click', event => {
  const link = event.target.closest?.('.govuk-error-summary a[href^="#"]');
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.closest('.govuk-form-group') ?? field).scrollIntoView({ block: 'start' });
  field.focus({ preventScroll: true });
});

// A second press within a second and a half does not send again; the server would refuse it anyway.
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post') return;
  const now = Date.now();
  if (now - Number(form.dataset.sent ?? 0) < 1500) event.preventDefault();
  else form.dataset.sent = now;
});

// How many characters are left, told politely when the typing rests.
for (const area of document.querySelectorAll('textarea[data-max]')) {
  const info = document.getElementById(`${area.id}-info`);
  const max = Number(area.dataset.max);
  if (!info) continue;
  const live = document.createElement('div');
  live.className = 'govuk-visually-hidden';
  live.setAttribute('aria-live', 'polite');
  info.after(live);
  let rest;
  const count = () => {
    const left = max - area.value.length;
    const text = `${left < 0 ? area.dataset.over : area.dataset.left} ${Math.abs(left)}`;
    info.textContent = text;
    info.classList.toggle('govuk-error-message', left < 0);
    clearTimeout(rest);
    rest = setTimeout(() => { live.textContent = text; }, 1000);
  };
  area.addEventListener('input', count);
  if (area.value) count();
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

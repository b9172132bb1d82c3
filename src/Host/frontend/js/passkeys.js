// Making and using a passkey needs a script; without one the password and the authenticator's code do.
const forms = document.querySelectorAll('form[data-passkey]');
const able = window.PublicKeyCredential?.parseCreationOptionsFromJSON && window.PublicKeyCredential.parseRequestOptionsFromJSON;

async function credential(form) {
  const answer = await fetch(form.dataset.options, { method: 'POST', credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const options = await answer.json();
  return form.dataset.passkey === 'create'
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

if (able) {
  for (const form of forms) {
    const told = form.querySelector('[data-passkey-told]');
    form.hidden = false;
    form.addEventListener('submit', async event => {
      event.preventDefault();
      told.textContent = '';
      try {
        form.elements.namedItem('credential').value = JSON.stringify(await credential(form));
        form.submit();
      } catch {
        // Cancelled, timed out, or no passkey for this site.
        told.textContent = form.dataset.failed;
      }
    });
  }
}

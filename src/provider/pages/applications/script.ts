/**
 * The script of the pages about applications. It shows the buttons that copy a text, and checks the redirect URIs of
 * the registration form while the person enters them. The pages work without it.
 */
export const applicationScript = `
for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    const isDone = await navigator.clipboard.writeText(text).then(() => true, () => false);
    button.textContent = isDone ? 'Copied' : 'Not copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}
const form = document.querySelector('form[data-check]');
if (form) {
  const field = form.elements.namedItem('redirect_uris');
  const shown = document.getElementById('redirect_uris-wrong');
  let timer;
  let latest = 0;
  const check = async () => {
    const turn = (latest += 1);
    const kind = new FormData(form).get('kind');
    if (!kind) return;
    const body = new URLSearchParams({ form_token: form.elements.namedItem('form_token').value, kind, redirect_uris: field.value });
    const answer = await fetch(form.dataset.check, { method: 'POST', body, redirect: 'error' }).catch(() => null);
    if (!answer || !answer.ok || turn !== latest) return;
    const { faults } = await answer.json();
    const list = document.createElement('ul');
    for (const text of faults) {
      const item = document.createElement('li');
      item.textContent = text;
      list.append(item);
    }
    shown.replaceChildren(list);
    if (faults.length > 0) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  };
  form.addEventListener('input', ({ target }) => {
    if (target !== field && target.name !== 'kind') return;
    clearTimeout(timer);
    timer = setTimeout(check, 400);
  });
}
`;

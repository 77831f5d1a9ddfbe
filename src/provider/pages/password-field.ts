import { type Html, html } from './html.ts';

/** A field for a password, with a button that shows what was typed. */
export interface PasswordField {
  /** The `id` and the `name` of the field. */
  readonly id: string;
  readonly label: string;
  readonly autocomplete: 'current-password' | 'new-password';
  /** Which password it is, for screen readers on a page with several fields. Default: `password`. */
  readonly spoken?: string;
  /** Further attributes. Default: none. */
  readonly attributes?: Html | null;
}

/**
 * Returns the label, the field and its button. The button is hidden until `revealScript` runs, because it does nothing
 * without the script. The field keeps its room free, so nothing moves when the button appears.
 */
export function passwordField({
  id,
  label,
  autocomplete,
  spoken = 'password',
  attributes = null,
}: PasswordField): Html {
  return html`<label for="${id}">${label}</label>
<div class="secret"><input id="${id}" name="${id}" type="password" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required maxlength="1024"${attributes}><button class="reveal" type="button" aria-controls="${id}" hidden><span>Show</span><span class="spoken"> ${spoken}</span></button><span class="spoken" role="status"></span></div>`;
}

/**
 * The script of a page with password fields. It shows and hides the passwords. Before a form is sent, it hides them:
 * otherwise a browser could store them as ordinary text.
 */
export const revealScript = `
for (const button of document.querySelectorAll('.reveal')) {
  const input = document.getElementById(button.getAttribute('aria-controls'));
  const status = button.nextElementSibling;
  const show = (isVisible) => {
    input.type = isVisible ? 'text' : 'password';
    button.firstElementChild.textContent = isVisible ? 'Hide' : 'Show';
  };
  button.addEventListener('click', () => {
    show(input.type === 'password');
    const name = button.lastElementChild.textContent;
    status.textContent = 'Your' + name + (input.type === 'text' ? ' is visible' : ' is hidden');
  });
  input.form.addEventListener('submit', () => show(false));
  button.hidden = false;
}
`;

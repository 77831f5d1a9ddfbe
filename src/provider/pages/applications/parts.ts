import { accountPath, applicationsPath } from '../../paths.ts';
import { type Html, html } from '../html.ts';

/** Returns the links from a page to the pages above it. @param above further pages, from the outermost one */
export function trail(above: readonly { readonly path: string; readonly text: string }[] = []): Html {
  const links = [{ path: accountPath, text: 'Your account' }, ...above];
  return html`<nav class="trail" aria-label="Pages above this one"><ol>${links.map(
    ({ path, text }) => html`<li><a href="${path}"><bdi>${text}</bdi></a></li>`,
  )}</ol></nav>`;
}

/** The list of applications, for `trail`. */
export const listLink: { readonly path: string; readonly text: string } = {
  path: applicationsPath,
  text: 'Your applications',
};

/** Returns the result of the last form. */
export function notice(text: string, isWrong: boolean): Html {
  return html`<p class="${isWrong ? 'wrong' : 'done'}" role="${isWrong ? 'alert' : 'status'}" id="notice">${text}</p>`;
}

/**
 * Returns a text to copy, with a button for it. The button is hidden until the script of the page shows it.
 *
 * @param what the text in words, for the button
 */
export function copyable(id: string, text: string, what: string): Html {
  return html`<div class="copyable"><pre id="${id}" tabindex="0" aria-label="${what}">${text}</pre>
<button type="button" class="link" data-copy="${id}" aria-label="Copy ${what}" hidden>Copy</button></div>`;
}

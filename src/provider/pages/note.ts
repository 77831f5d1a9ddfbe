import { accountPath } from '../paths.ts';
import { html } from './html.ts';
import type { HtmlPage } from './page.ts';

/** Returns a page with a heading, a text and a link to the account page. */
export function notePage(heading: string, text: string): HtmlPage {
  return {
    title: heading,
    body: html`
<h1>${heading}</h1>
<p class="quiet">${text}</p>
<p><a href="${accountPath}">Your account</a></p>`,
  };
}

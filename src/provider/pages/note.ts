import { html } from './html.ts';
import type { Page } from './page.ts';

/** That something is over, and the way to one's account. */
export function notePage(heading: string, text: string): Page {
  return {
    title: heading,
    body: html`
<h1>${heading}</h1>
<p class="quiet">${text}</p>
<p><a href="/account">Your account</a></p>`,
  };
}

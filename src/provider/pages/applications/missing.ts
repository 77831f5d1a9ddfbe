import { html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { listLink, trail } from './parts.ts';

/** Returns the page for an application that is unknown, or that another account registered. */
export function noApplicationPage(): HtmlPage {
  return {
    title: 'No such application',
    status: 404,
    body: html`
${trail([listLink])}
<h1>No such application</h1>
<p class="quiet">You have registered no such application. Perhaps it was deleted.</p>`,
  };
}

import type { Application } from '../../../identity/applications/application.ts';
import { applicationsPath } from '../../paths.ts';
import { html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { timeOf } from '../time.ts';
import { kindInWords } from './kinds.ts';
import { notice, trail } from './parts.ts';

/** The content of the page. */
export interface ListPage {
  readonly applications: readonly Application[];
  /** Whether the page begins with the newest application. */
  readonly isFirst: boolean;
  /** The position after which the next page begins; null: there is no further page. */
  readonly next: string | null;
  /** Whether an application was just deleted. */
  readonly isDeleted: boolean;
}

/** Returns the list of a person's own applications. */
export function listPage({ applications, isFirst, next, isDeleted }: ListPage): HtmlPage {
  return {
    title: 'Your applications',
    isWide: true,
    body: html`
${trail()}
<h1>Your applications</h1>
<p class="quiet">Applications that you registered. They ask people for access through the sign-in of this server.</p>
${isDeleted ? notice('The application is deleted. Its grants and tokens have ended.', false) : null}
${
  applications.length === 0
    ? html`<p>${isFirst ? 'You have registered no application.' : 'There are no older applications.'}</p>`
    : html`<ul class="cards">${applications.map(
        (application) => html`
<li><a href="${applicationsPath}/${application.id}"><bdi>${application.name}</bdi></a>
<span class="quiet">${kindInWords(application)}, registered ${timeOf(application.createdAt)}</span>
<code>${application.id}</code></li>`,
      )}</ul>`
}
<div class="actions"><a class="button" href="${applicationsPath}/new">Register an application</a></div>
${
  isFirst && next === null
    ? null
    : html`<p class="pager">${isFirst ? null : html`<a href="${applicationsPath}">Newest applications</a>`} ${
        next === null ? null : html`<a href="${applicationsPath}?after=${next}">Older applications</a>`
      }</p>`
}`,
  };
}

import { applicationsPath } from '../../paths.ts';
import { type Html, html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { passwordField, revealScript } from '../password-field.ts';
import { listLink, notice, trail } from './parts.ts';

/** The content of a page that asks for the password before a change of an application. */
export interface ConfirmPage {
  readonly formToken: string;
  /** The email address of the account, for password managers. */
  readonly email: string;
  /** The client ID. */
  readonly id: string;
  /** The name of the application. */
  readonly name: string;
  /** Why the last form was refused; null: there was none. */
  readonly problem: string | null;
  /** The status for a problem. Default 422. */
  readonly status?: number;
}

/** Returns the page that asks whether to replace the client secret. */
export function rotatePage(page: ConfirmPage): HtmlPage {
  return confirmPage(page, {
    title: 'New client secret',
    heading: html`Make a new client secret for <bdi>${page.name}</bdi>?`,
    explanation: html`<p>The present secret ends at once: requests with it are refused from then on. Tokens that were issued stay valid. The new secret is shown once.</p>`,
    action: 'rotate-secret',
    button: 'Make a new secret',
  });
}

/** Returns the page that asks whether to delete an application. */
export function deletePage(page: ConfirmPage): HtmlPage {
  return confirmPage(page, {
    title: 'Delete an application',
    heading: html`Delete <bdi>${page.name}</bdi>?`,
    explanation: html`<p>Everything that people allowed this application ends, with all its tokens. Its client ID is not given again. This cannot be undone.</p>`,
    action: 'delete',
    button: 'Delete the application',
  });
}

interface Question {
  readonly title: string;
  readonly heading: Html;
  readonly explanation: Html;
  /** The last part of the path to which the form is posted. */
  readonly action: string;
  readonly button: string;
}

function confirmPage(
  { formToken, email, id, name, problem, status = 422 }: ConfirmPage,
  { title, heading, explanation, action, button }: Question,
): HtmlPage {
  const path = `${applicationsPath}/${id}`;
  return {
    title,
    script: revealScript,
    ...(problem !== null && { status }),
    body: html`
${trail([listLink, { path, text: name }])}
<h1>${heading}</h1>
${problem === null ? null : notice(problem, true)}
${explanation}
<form method="post" action="${path}/${action}">
<input type="hidden" name="form_token" value="${formToken}">
<input hidden name="username" autocomplete="username" readonly value="${email}">
${passwordField({
  id: 'present',
  label: 'Your password',
  autocomplete: 'current-password',
  attributes: problem === null ? null : html` aria-describedby="notice"`,
})}
<div class="actions two">
<a class="button second" href="${path}">Cancel</a>
<button>${button}</button>
</div>
</form>`,
  };
}

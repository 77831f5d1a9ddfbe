import { html } from './html.ts';
import { accountPath } from '../paths.ts';
import type { HtmlPage } from './page.ts';

/** The content of the account page. */
export interface AccountPage {
  readonly email: string;
  readonly formToken: string;
  /** The result of the last form. */
  readonly notice?: { readonly text: string; readonly wrong: boolean };
  readonly sessions: readonly {
    readonly id: string;
    readonly browser: string;
    readonly since: string;
    readonly current: boolean;
  }[];
  readonly grants: readonly {
    readonly id: string;
    readonly application: string;
    readonly scopes: readonly string[];
    readonly since: string;
  }[];
}

/** Returns the page on which people see and change their own account. */
export function accountPage({ email, formToken, notice, sessions, grants }: AccountPage): HtmlPage {
  const form = (action: string, id: string | null, label: string, about: string) => html`
<form method="post" action="${accountPath}/${action}"><input type="hidden" name="form_token" value="${formToken}">${id === null ? null : html`<input type="hidden" name="id" value="${id}">`}
<button class="link" aria-label="${label}${about}">${label}</button></form>`;
  return {
    title: 'Your account',
    ...(notice?.wrong && { status: 422 }),
    body: html`
<h1>Your account</h1>
<p>Signed in as <strong>${email}</strong>.</p>
${notice ? html`<p class="${notice.wrong ? 'wrong' : 'done'}" role="${notice.wrong ? 'alert' : 'status'}" id="notice">${notice.text}</p>` : null}
<h2>Where you are signed in</h2>
<ul>${sessions.map(
      ({ id, browser, since, current }) => html`
<li>${browser}${current ? html` <strong>(this one)</strong>` : null}<br><span class="quiet">since ${since}</span>${form(
        current ? 'sign-out' : 'end-session',
        current ? null : id,
        'Sign out',
        ` of ${browser}, signed in since ${since}`,
      )}</li>`,
    )}</ul>
${sessions.length > 1 ? form('end-others', null, 'Sign out everywhere else', '') : null}
<h2>What you allowed</h2>
${
  grants.length === 0
    ? html`<p class="quiet">No application has your permission for anything.</p>`
    : html`<ul>${grants.map(
        ({ id, application, scopes, since }) => html`
<li><strong>${application}</strong> <code>${scopes.join(' ') || 'openid'}</code><span class="quiet">since ${since}</span>${form(
          'revoke-grant',
          id,
          'Take back',
          ` what ${application} was allowed on ${since}`,
        )}</li>`,
      )}</ul>`
}
<h2>Change your password</h2>
<form method="post" action="${accountPath}/password">
<input type="hidden" name="form_token" value="${formToken}">
<input type="hidden" name="username" autocomplete="username" value="${email}">
<label for="present">Present password</label>
<input id="present" name="present" type="password" autocomplete="current-password" required maxlength="1024">
<label for="new">New password, of 12 characters or more</label>
<input id="new" name="new" type="password" autocomplete="new-password" required minlength="12" maxlength="1024">
<label for="again">The new one once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" required minlength="12" maxlength="1024">
<p class="quiet under">Every other browser is signed out by it. What you allowed applications stays until you take it back.</p>
<div class="actions"><button>Change the password</button></div>
</form>`,
  };
}

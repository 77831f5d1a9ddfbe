import { accountPath, applicationsPath } from '../paths.ts';
import { type Html, html } from './html.ts';
import type { HtmlPage } from './page.ts';
import { passwordField, revealScript } from './password-field.ts';
import { timeInWords, timeOf } from './time.ts';

/** A scope and its description. */
export interface ScopeInWords {
  readonly name: string;
  readonly description: string;
  /** The audience of the API to which the scope belongs; null for the API of this server. */
  readonly api: string | null;
}

interface ShownSession {
  readonly id: string;
  /** The browser and the system in words. */
  readonly browser: string;
  /** Times are in milliseconds since the epoch. */
  readonly signedInAt: number;
  /** Null: unknown. */
  readonly lastSeenAt: number | null;
  /** Whether it is the session of this request. */
  readonly current: boolean;
}

interface ShownGrant {
  readonly id: string;
  /** The name of the application. */
  readonly application: string;
  readonly registeredItself: boolean;
  readonly scopes: readonly ScopeInWords[];
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The content of the account page. */
export interface AccountPage {
  readonly email: string;
  readonly formToken: string;
  /** The result of the last form. */
  readonly notice?: { readonly text: string; readonly wrong: boolean };
  readonly sessions: readonly ShownSession[];
  readonly grants: readonly ShownGrant[];
  /** The newest applications that the person registered; null: the person may register none. */
  readonly ownApplications: readonly { readonly id: string; readonly name: string }[] | null;
}

/** Returns the page on which people see and change their own account. */
export function accountPage(page: AccountPage): HtmlPage {
  const { email, notice, ownApplications } = page;
  return {
    title: 'Your account',
    isWide: true,
    script: revealScript,
    ...(notice?.wrong && { status: 422 }),
    body: html`
<h1>Your account</h1>
<p>Signed in as <strong>${email}</strong>.</p>
${notice ? html`<p class="${notice.wrong ? 'wrong' : 'done'}" role="${notice.wrong ? 'alert' : 'status'}" id="notice">${notice.text}</p>` : null}
${sessionsPart(page)}
${grantsPart(page)}
${ownApplications === null ? null : applicationsPart(ownApplications)}
${passwordPart(page)}`,
  };
}

function sessionsPart({ formToken, sessions }: AccountPage): Html {
  return html`<h2>Where you are signed in</h2>
<ul class="cards">${sessions.map(
    ({ id, browser, signedInAt, lastSeenAt, current }) => html`
<li><span><strong>${browser}</strong>${current ? html` <strong class="mark">(this one)</strong>` : null}</span>
<span class="quiet">Signed in ${timeOf(signedInAt)}</span>
${lastSeenAt === null ? null : html`<span class="quiet">Last seen ${timeOf(lastSeenAt)}</span>`}
${form(formToken, current ? 'sign-out' : 'end-session', current ? null : id, 'Sign out', ` of ${browser}, signed in ${timeInWords(signedInAt)}`)}</li>`,
  )}</ul>
${sessions.length > 1 ? form(formToken, 'end-others', null, 'Sign out everywhere else', '') : null}`;
}

function grantsPart({ formToken, grants }: AccountPage): Html {
  if (grants.length === 0) {
    return html`<h2>What you allowed</h2><p class="quiet">No application has your permission for anything.</p>`;
  }
  return html`<h2>What you allowed</h2>
<ul class="cards">${grants.map(
    ({ id, application, registeredItself, scopes, createdAt, expiresAt }) => html`
<li><strong><bdi>${application}</bdi></strong>
${registeredItself ? html`<span class="quiet">This application registered itself. No person here has checked it.</span>` : null}
<ul class="plain">${scopes.length === 0 ? html`<li>Know which account you sign in with</li>` : scopes.map(({ description, api }) => html`<li>${description}${inApi(api)}</li>`)}</ul>
<code>${scopes.map(({ name }) => name).join(' ') || 'openid'}</code>
<span class="quiet">Allowed ${timeOf(createdAt)}</span>
<span class="quiet">Ends ${timeOf(expiresAt)}</span>
${form(formToken, 'revoke-grant', id, 'Take back', ` what ${application} was allowed on ${timeInWords(createdAt)}`)}</li>`,
  )}</ul>`;
}

function applicationsPart(applications: readonly { readonly id: string; readonly name: string }[]): Html {
  return html`<h2>Your applications</h2>
${
  applications.length === 0
    ? html`<p class="quiet">You have registered no application.</p>`
    : html`<ul>${applications.map(
        ({ id, name }) => html`<li><a href="${applicationsPath}/${id}"><bdi>${name}</bdi></a></li>`,
      )}</ul>`
}
<p class="links">${applications.length === 0 ? null : html`<a href="${applicationsPath}">All your applications</a>`}
<a href="${applicationsPath}/new">Register an application</a></p>`;
}

function passwordPart({ formToken, email }: AccountPage): Html {
  return html`<h2>Change your password</h2>
<form method="post" action="${accountPath}/password">
<input type="hidden" name="form_token" value="${formToken}">
<input hidden name="username" autocomplete="username" readonly value="${email}">
${passwordField({ id: 'present', label: 'Present password', autocomplete: 'current-password', spoken: 'present password' })}
${newPassword('new', 'New password, of 12 characters or more', 'new password')}
${newPassword('again', 'The new one once more', 'repeated password')}
<p class="quiet under">Every other browser is signed out by it. What you allowed applications stays until you take it back.</p>
<div class="actions"><button>Change the password</button></div>
</form>`;
}

function newPassword(id: string, label: string, spoken: string): Html {
  return passwordField({ id, label, autocomplete: 'new-password', spoken, attributes: html` minlength="12"` });
}

/** Names the API of a scope, after the description of the scope. */
export function inApi(api: string | null): Html | null {
  return api === null ? null : html` <span class="quiet">in ${api}</span>`;
}

/** Returns a form of one button. @param about the rest of its label, for screen readers */
function form(formToken: string, action: string, id: string | null, label: string, about: string): Html {
  return html`
<form method="post" action="${accountPath}/${action}"><input type="hidden" name="form_token" value="${formToken}">${id === null ? null : html`<input type="hidden" name="id" value="${id}">`}
<button class="link" aria-label="${label}${about}">${label}</button></form>`;
}

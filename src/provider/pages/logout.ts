import type { ShownName } from './application-name.ts';
import { html } from './html.ts';
import { destinationOf } from './destination.ts';
import { formSource, type HtmlPage } from './page.ts';

/** The content of the page. */
export interface LogoutPage {
  /** The URL to which its form is posted. */
  readonly action: string;
  /** The form token. It is valid only for the session of this browser. */
  readonly xsrf: string;
  /** The email address of the signed-in account; null if there is none. */
  readonly email: string | null;
  readonly productName: string;
  /** The application that sent the person here; null if it is not known. */
  readonly application: ShownName | null;
  /** The URI to which the browser is sent afterwards; null: it is sent to no application. */
  readonly target: string | null;
}

/**
 * Returns the page that asks whether to sign out. An application can send people here, but only the person can confirm.
 */
export function logoutPage({ action, xsrf, email, productName, application, target }: LogoutPage): HtmlPage {
  const afterwards =
    target === null ? null : html`<dl><dt>Afterwards you go to</dt><dd>${destinationOf(target)}</dd></dl>`;
  const sender = application && html`<strong>${application.article}${application.name}</strong>`;
  const hidden = html`<input type="hidden" name="xsrf" value="${xsrf}">`;
  return {
    title: 'Sign out',
    ...(target !== null && { formTarget: formSource(target) }),
    body:
      email === null
        ? html`
<h1>Nobody is signed in here</h1>
${sender && html`<p class="quiet">You came from ${sender} to sign out.</p>`}
${afterwards}
<form method="post" action="${action}">${hidden}
<div class="actions"><button name="logout" value="yes">Go on</button></div>
</form>`
        : html`
<h1>Sign out of ${productName}?</h1>
<p>${sender && html`You came from ${sender}, which asks whether you want to sign out. `}You are signed in as <strong>${email}</strong>.</p>
<p class="quiet">Signing out ends this sign-in in this browser, for every application. What you allowed applications stays allowed.</p>
${afterwards}
<form method="post" action="${action}">${hidden}
<div class="actions two">
<button class="second" name="stay" value="yes">Stay signed in</button>
<button name="logout" value="yes">Sign out</button>
</div>
</form>`,
  };
}

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
  /** The name of the application that sent the person here; null if it is not known. */
  readonly applicationName: string | null;
  /** The URI to which the browser is sent afterwards; null: it is sent to no application. */
  readonly target: string | null;
}

/**
 * Returns the page that asks whether to sign out. An application can send people here, but only the person can confirm.
 */
export function logoutPage({ action, xsrf, email, applicationName, target }: LogoutPage): HtmlPage {
  const afterwards =
    target === null ? null : html`<dl><dt>Afterwards you go to</dt><dd>${destinationOf(target)}</dd></dl>`;
  const hidden = html`<input type="hidden" name="xsrf" value="${xsrf}">`;
  return {
    title: 'Sign out',
    ...(target !== null && { formTarget: formSource(target) }),
    body:
      email === null
        ? html`
<h1>Nobody is signed in here</h1>
${applicationName ? html`<p class="quiet"><strong>${applicationName}</strong> sent you here to sign out.</p>` : null}
${afterwards}
<form method="post" action="${action}">${hidden}
<div class="actions"><button name="logout" value="yes">Go on</button></div>
</form>`
        : html`
<h1>Sign out?</h1>
<p>${applicationName ? html`<strong>${applicationName}</strong> asks whether you want to sign out. ` : null}You are signed in as <strong>${email}</strong>.</p>
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

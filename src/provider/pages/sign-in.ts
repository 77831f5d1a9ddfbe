import { html } from './html.ts';
import type { Page } from './page.ts';

export interface SignInPage {
  /** Path of the interaction; its forms post below it. */
  readonly path: string;
  readonly formToken: string;
  readonly applicationName: string;
  /** What was typed before. */
  readonly email?: string;
  /** Whether the last try was wrong. */
  readonly wrong?: boolean;
  readonly formTarget: string;
}

export function signInPage({ path, formToken, applicationName, email = '', wrong, formTarget }: SignInPage): Page {
  return {
    title: 'Sign in',
    status: wrong ? 401 : 200,
    formTarget,
    body: html`
<h1>Sign in</h1>
<p class="quiet">to go on to <strong>${applicationName}</strong></p>
${wrong ? html`<p class="wrong" role="alert" id="wrong">That email address and password do not belong together. Check both and try again.</p>` : null}
<form method="post" action="${path}/sign-in">
<input type="hidden" name="form_token" value="${formToken}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${email}"${email ? null : html` autofocus`}${wrong ? html` aria-describedby="wrong"` : null}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1024"${email ? html` autofocus` : null}${wrong ? html` aria-describedby="wrong"` : null}>
<div class="actions">
<button name="decision" value="sign-in">Sign in</button>
<button class="second" name="decision" value="cancel" formnovalidate>Cancel</button>
</div>
</form>`,
  };
}

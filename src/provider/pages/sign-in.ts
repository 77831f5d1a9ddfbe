import type { ShownName } from './application-name.ts';
import type { Frame } from './frame.ts';
import { html } from './html.ts';
import type { HtmlPage } from './page.ts';
import { passwordField, revealScript } from './password-field.ts';
import { forgottenPassword } from './support.ts';

/** The content of the page. */
export interface SignInPage {
  /** The path of the interaction. Its forms are posted below it. */
  readonly path: string;
  readonly formToken: string;
  /** What the person goes on to. */
  readonly destination: ShownName;
  /** What the page says about help. */
  readonly frame: Pick<Frame, 'productName' | 'supportLink'>;
  /** The email address that is filled in. */
  readonly email?: string;
  /** Whether the person is signed in and must authenticate again. Default: false. */
  readonly again?: boolean;
  /**
   * `wrong`: the credentials were wrong. A number: there were too many attempts, and the next attempt is accepted after
   * this many seconds.
   */
  readonly problem?: 'wrong' | number;
  readonly formTarget: string;
}

/** Returns the page that asks for email address and password. */
export function signInPage(page: SignInPage): HtmlPage {
  const { path, formToken, destination, frame, email = '', again = false, problem, formTarget } = page;
  const wrong = problem !== undefined;
  return {
    title: 'Sign in',
    status: problem === undefined ? 200 : problem === 'wrong' ? 401 : 429,
    formTarget,
    script: revealScript,
    body: html`
<h1>Sign in</h1>
<p class="quiet">${again ? html`You are signed in. Prove once more that it is you, ` : null}to go on to <strong>${destination.article}${destination.name}</strong></p>
${wrong ? html`<p class="wrong" role="alert" id="wrong">${inWords(problem)}</p>` : null}
<form method="post" action="${path}/sign-in">
<input type="hidden" name="form_token" value="${formToken}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="254" value="${email}"${email ? null : html` autofocus`}${wrong ? html` aria-describedby="wrong"` : null}>
${passwordField({
  id: 'password',
  label: 'Password',
  autocomplete: 'current-password',
  attributes: html`${email ? html` autofocus` : null}${wrong ? html` aria-describedby="wrong"` : null}`,
})}
<div class="actions">
<button name="decision" value="sign-in">Sign in</button>
<button class="second" name="decision" value="cancel" formnovalidate>Cancel</button>
</div>
</form>
${forgottenPassword(frame)}`,
  };
}

function inWords(problem: 'wrong' | number): string {
  if (problem === 'wrong') return 'That email address and password do not belong together. Check both and try again.';
  const minutes = Math.ceil(problem / 60);
  return `Too many tries were wrong. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, then try again.`;
}

import type { ShownName } from './application-name.ts';
import { accountPath } from '../paths.ts';
import { type Html, html } from './html.ts';
import type { HtmlPage } from './page.ts';

/** A scope and its description. */
interface ScopeInWords {
  readonly name: string;
  readonly description: string;
  /** The API to which the scope belongs, as people read it; null for the API of this server. */
  readonly api: string | null;
}

/**
 * Where an application comes from. `command-line` and `explorer` come with the server. `account`: an account registered
 * it. `itself`: it registered itself, so no person with an account here is responsible for it.
 */
export type Origin = 'command-line' | 'explorer' | 'account' | 'itself';

/** The content of the consent page. */
export interface ConsentPage {
  /** The path of the interaction. Its forms are posted below it. */
  readonly path: string;
  readonly formToken: string;
  readonly productName: string;
  readonly application: ShownName;
  readonly origin: Origin;
  /** The destination of the answer: a host with its port, or the scheme of an application on the person's device. */
  readonly destination: string;
  /** The hash of the facts on the page about the application. The form sends it back. */
  readonly seen: string;
  readonly email: string;
  /** The scopes that consent grants. */
  readonly granted: readonly ScopeInWords[];
  /** The scopes that were granted before and stay granted. */
  readonly allowed: readonly ScopeInWords[];
  /** The requested scopes that the application does not get. */
  readonly withheld: readonly ScopeInWords[];
  /** Whether the answer is remembered. Otherwise the page is shown at each sign-in. */
  readonly isRemembered: boolean;
  readonly formTarget: string;
}

/** Returns the page that asks for consent. */
export function consentPage(page: ConsentPage): HtmlPage {
  const { article, name } = page.application;
  const grantsSomething = page.granted.length > 0;
  return {
    title: `Allow ${article}${name}?`,
    formTarget: page.formTarget,
    body: html`
<h1>Allow ${article}${name}?</h1>
<p class="quiet">${introductions[page.origin](page.productName)}</p>
<dl><dt>Answer goes to</dt><dd>${page.destination}</dd></dl>
${
  grantsSomething
    ? html`<p>If you allow it, this application will be able to:</p><ul>${page.granted.map(item)}</ul>`
    : html`<p>There is nothing here that your account could allow it.</p>`
}
${
  page.allowed.length > 0
    ? html`<p class="quiet">You allowed it this before, and it stays so:</p><ul class="quiet">${page.allowed.map(item)}</ul>`
    : null
}
${
  page.withheld.length > 0
    ? html`<p class="quiet">It asked for the following, which it will not get:</p><ul class="quiet">${page.withheld.map(item)}</ul>`
    : null
}
${grantsSomething ? consequences(page) : null}
<form method="post" action="${page.path}/consent">
<input type="hidden" name="form_token" value="${page.formToken}">
<input type="hidden" name="shown" value="${[...page.granted, ...page.allowed].map(({ name }) => name).join(' ')}">
<input type="hidden" name="seen" value="${page.seen}">
<div class="actions two">
<button class="second" name="decision" value="deny">${grantsSomething ? 'Deny' : 'Go back'}</button>
${grantsSomething ? html`<button name="decision" value="allow">Allow</button>` : null}
</div>
</form>
<footer>Signed in as <strong>${page.email}</strong>.
<form method="post" action="${page.path}/switch"><input type="hidden" name="form_token" value="${page.formToken}">
<button class="link">Use another account</button></form> · <a href="${accountPath}">Your account</a></footer>`,
  };
}

/** What the page says about the origin of the application. @param productName the name of the product */
const introductions: Readonly<Record<Origin, (productName: string) => Html>> = {
  'command-line': (productName) =>
    html`It comes with ${productName}. Allow it only if you have just run <code>claimgate sign-in</code> in a terminal of this device.`,
  explorer: (productName) => html`It comes with ${productName}: a page on which you try the API.`,
  account: (productName) => html`It does not come with ${productName}. A person with an account here registered it.`,
  itself: (productName) =>
    html`This application registered itself: nobody here has looked at it, and it chose its name. It does not come with ${productName}. Go by where the answer goes.`,
};

/** Says how long the answer lasts. */
function consequences({ isRemembered }: ConsentPage): Html {
  return html`<p class="quiet">${
    isRemembered ? 'You are not asked for this again.' : 'You are asked again at each sign-in.'
  } You can take it back at any time in your account.</p>`;
}

function item({ name, description, api }: ScopeInWords): Html {
  return html`<li>${description} <code>${name}</code>${api === null ? null : html`<span class="quiet">in ${api}</span>`}</li>`;
}

import { html } from './html.ts';
import type { HtmlPage } from './page.ts';

/** A scope and its description. */
interface ScopeInWords {
  readonly name: string;
  readonly description: string;
}

/** The content of the consent page. */
export interface ConsentPage {
  /** The path of the interaction. Its forms are posted below it. */
  readonly path: string;
  readonly formToken: string;
  readonly applicationName: string;
  /** Whether the application registered itself. Then no person with an account here is responsible for it. */
  readonly registeredItself: boolean;
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
  readonly formTarget: string;
}

/** Returns the page that asks for consent. */
export function consentPage(page: ConsentPage): HtmlPage {
  return {
    title: `Allow ${page.applicationName}?`,
    formTarget: page.formTarget,
    body: html`
<h1>Allow ${page.applicationName}?</h1>
${
  page.granted.length > 0
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
${page.registeredItself ? html`<p class="quiet">This application registered itself: nobody here has looked at it, and it chose its name. Go by where the answer goes.</p>` : null}
<dl><dt>Answer goes to</dt><dd>${page.destination}</dd></dl>
<form method="post" action="${page.path}/consent">
<input type="hidden" name="form_token" value="${page.formToken}">
<input type="hidden" name="shown" value="${[...page.granted, ...page.allowed].map(({ name }) => name).join(' ')}">
<input type="hidden" name="seen" value="${page.seen}">
<div class="actions two">
<button class="second" name="decision" value="deny">${page.granted.length > 0 ? 'Deny' : 'Go back'}</button>
${page.granted.length > 0 ? html`<button name="decision" value="allow">Allow</button>` : null}
</div>
</form>
<footer>Signed in as <strong>${page.email}</strong>.
<form method="post" action="${page.path}/switch"><input type="hidden" name="form_token" value="${page.formToken}">
<button class="link">Use another account</button></form></footer>`,
  };
}

function item({ name, description }: ScopeInWords): ReturnType<typeof html> {
  return html`<li>${description} <code>${name}</code></li>`;
}

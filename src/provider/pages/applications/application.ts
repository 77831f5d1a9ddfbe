import type { Application } from '../../../identity/applications/application.ts';
import { applicationsPath } from '../../paths.ts';
import { inApi, type ScopeInWords } from '../account.ts';
import { html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { timeOf } from '../time.ts';
import { authenticationInWords, kindInWords } from './kinds.ts';
import { copyable, listLink, notice, trail } from './parts.ts';
import { applicationScript } from './script.ts';
import { authorizeLink, type RequestParts, shellSnippet } from './snippet.ts';

/** The content of the page. */
export interface ApplicationPage extends RequestParts {
  readonly application: Application;
  readonly scopes: readonly ScopeInWords[];
  /** Whether the application was just registered. */
  readonly isNew: boolean;
}

/** Returns the page of one application. */
export function applicationPage(page: ApplicationPage): HtmlPage {
  const { application, scopes, isNew, hasSecret } = page;
  const path = `${applicationsPath}/${application.id}`;
  const asksPeople = application.grantTypes.includes('authorization_code') && application.redirectUris.length > 0;
  return {
    title: application.name,
    isWide: true,
    script: applicationScript,
    body: html`
${trail([listLink])}
<h1><bdi>${application.name}</bdi></h1>
${isNew ? notice('The application is registered.', false) : null}
<dl>
<dt>Client ID</dt><dd><code>${application.id}</code></dd>
<dt>Kind</dt><dd>${kindInWords(application)}</dd>
<dt>Proves who it is</dt><dd>${authenticationInWords(application)}</dd>
<dt>Registered</dt><dd>${timeOf(application.createdAt)}</dd>
<dt>Redirect URIs</dt><dd>${application.redirectUris.map((uri) => html`<code class="line">${uri}</code>`)}</dd>
<dt>May ask for</dt><dd>${
      scopes.length === 0
        ? html`nothing but who signed in`
        : scopes.map(
            ({ name, description, api }) =>
              html`<span class="line">${description} <code>${name}</code>${inApi(api)}</span>`,
          )
    }</dd>
</dl>
${asksPeople ? authorization(page) : null}
${
  hasSecret
    ? html`<h2>Client secret</h2>
<p class="quiet">The server has only a hash of the secret and cannot show it. If it is lost or has leaked, make a new one. The old one then ends at once.</p>
<p><a href="${path}/rotate-secret">Make a new client secret</a></p>`
    : null
}
<h2>Delete</h2>
<p class="quiet">Ends everything that people allowed this application.</p>
<p><a href="${path}/delete">Delete this application</a></p>`,
  };
}

function authorization(page: ApplicationPage): ReturnType<typeof html> {
  return html`<h2>Ask a person for access</h2>
<p>Send the browser of the person to this link. Replace the two words in capitals first.</p>
${copyable('authorize-link', authorizeLink(page), 'the authorize link')}
<dl>
<dt><code>STATE</code></dt><dd>A random text, new for each sign-in. Keep it in the session of the browser. When the browser returns, compare it with the parameter <code>state</code>.</dd>
<dt><code>CODE_CHALLENGE</code></dt><dd>Make a random <code>code_verifier</code> of 43 to 128 characters, new for each sign-in. The challenge is its SHA-256 hash in base64url, without <code>=</code> (PKCE, RFC 7636). The verifier is sent only with the code.</dd>
</dl>
<details><summary>Try it in a shell</summary>
<p class="quiet">These lines make both values, print the link and exchange the code. They need openssl and curl.</p>
${copyable('snippet', shellSnippet(page), 'the lines for a shell')}</details>`;
}

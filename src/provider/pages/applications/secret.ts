import type { Application } from '../../../identity/applications/application.ts';
import { applicationsPath } from '../../paths.ts';
import { html } from '../html.ts';
import type { HtmlPage } from '../page.ts';
import { copyable, listLink, trail } from './parts.ts';
import { applicationScript } from './script.ts';

type Named = Pick<Application, 'id' | 'name'>;

/** Returns the page that shows a new client secret. */
export function secretPage(application: Named, clientSecret: string): HtmlPage {
  return {
    title: 'Client secret',
    isWide: true,
    script: applicationScript,
    body: html`
${trail([listLink])}
<h1>The client secret of <bdi>${application.name}</bdi></h1>
<p class="wrong" role="status">Store the secret now. It is shown this once. The server keeps only a hash of it.</p>
<h2>Client ID</h2>
${copyable('client-id', application.id, 'the client ID')}
<h2>Client secret</h2>
${copyable('client-secret', clientSecret, 'the client secret')}
<p class="quiet">Keep it on your server, for example in its secret store. It must not be in a page, in an application on a device, or in a repository.</p>
<div class="actions"><a class="button" href="${applicationsPath}/${application.id}">I have stored it</a></div>`,
  };
}

/** Returns the page for a client secret that was shown, has expired, or was made in another browser. */
export function goneSecretPage({ id, name }: Named): HtmlPage {
  return {
    title: 'Client secret',
    status: 410,
    isWide: true,
    body: html`
${trail([listLink])}
<h1>The client secret of <bdi>${name}</bdi> is not shown again</h1>
<p>A client secret is shown once, within 5 minutes, in the browser that made it. If you have not stored it, make a new one.</p>
<div class="actions two"><a class="button second" href="${applicationsPath}/${id}">Back to the application</a>
<a class="button" href="${applicationsPath}/${id}/rotate-secret">Make a new secret</a></div>`,
  };
}

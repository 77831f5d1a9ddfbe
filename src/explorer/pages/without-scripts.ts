import type { Settings } from '../client/settings.ts';
import { escapeHtml } from './html.ts';

/** Renders what the explorer is, and what to use instead of it. */
export function withoutScripts({ publicUrl, endpoint }: Pick<Settings, 'publicUrl' | 'endpoint'>): string {
  const url = escapeHtml(publicUrl + endpoint);
  return `<h1>The explorer needs scripts</h1>
<p>The explorer is a page for the GraphQL API of this server. It runs operations as one or more callers, and shows which
rule guards each field. It needs scripts, and this browser runs none here.</p>
<p>Without scripts, send operations from a terminal:</p>
<pre><code>curl ${url} \\
  -H 'content-type: application/json' \\
  -d '{"query":"{ __typename }"}'</code></pre>
<p>To get an access token, run <code>npm run sign-in</code> in the folder of the server, and send the token as
<code>Authorization: Bearer …</code>:</p>
<pre><code>curl ${url} \\
  -H 'content-type: application/json' \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"query":"{ __typename }"}'</code></pre>`;
}

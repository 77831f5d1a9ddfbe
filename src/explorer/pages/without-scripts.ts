import type { Settings } from '../client/settings.ts';
import { escapeHtml } from './html.ts';

type Address = Pick<Settings, 'publicUrl' | 'endpoint'>;

/** Renders what the explorer is, and what to use instead of it. */
export function withoutScripts(address: Address): string {
  return `<h1>The explorer needs scripts</h1>
<p>The explorer is a page for the GraphQL API of this server. It runs operations as one or more callers, and shows which
rule guards each field. It needs scripts, and this browser runs none here.</p>
${inTerminal(address)}`;
}

/** Renders what the page of Apollo Sandbox is, and what to use instead of it. */
export function sandboxWithoutScripts(address: Address): string {
  return `<h1>Apollo Sandbox needs scripts</h1>
<p>This is the API endpoint: programs send GraphQL requests here. A browser gets Apollo Sandbox, a page for trying
operations. It needs scripts, and this browser runs none here.</p>
${inTerminal(address)}`;
}

/** Renders how to send operations from a terminal. */
export function inTerminal({ publicUrl, endpoint }: Address): string {
  const url = escapeHtml(publicUrl + endpoint);
  return `<p>Without scripts, send operations from a terminal:</p>
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

/** Renders what the activity page is, and what to use instead of it. */
export function activityWithoutScripts({ publicUrl, endpoint }: Pick<Settings, 'publicUrl' | 'endpoint'>): string {
  return `<h1>The activity page needs scripts</h1>
<p>This page draws the audit trail: denials, sign-ins and tokens over time. It needs scripts, and this browser runs none
here.</p>
<p>Without scripts, read the audit trail in a terminal. On the machine of the server:</p>
<pre><code>claimgate audit --follow</code></pre>
<p>From elsewhere, with an access token that has the scope <code>audit</code>:</p>
<pre><code>curl ${escapeHtml(publicUrl + endpoint)} \\
  -H 'content-type: application/json' \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"query":"{ auditEvents { nodes { at type coordinate count } } }"}'</code></pre>`;
}

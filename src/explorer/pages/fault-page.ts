import { plainPage } from './plain-page.ts';
import { inTerminal } from './without-scripts.ts';

/** Renders the page that a browser gets if the files for the browser can be neither read nor bundled. */
export function faultPage(page: {
  readonly productName: string;
  readonly publicUrl: string;
  readonly endpoint: string;
  readonly nonce: string;
}): string {
  return plainPage({
    title: `Explorer · ${page.productName}`,
    nonce: page.nonce,
    content: `<h1>The explorer could not be built</h1>
<p>In a clone, esbuild bundles the explorer at the first visit. This has failed, and the log of the server says why.
Usually the packages for development are missing. Install them, and load this page again; the server need not be
restarted:</p>
<pre><code>npm install --include=dev</code></pre>
<p>The API itself works.</p>
${inTerminal(page)}`,
  });
}

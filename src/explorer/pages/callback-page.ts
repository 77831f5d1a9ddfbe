import { plainPage } from './plain-page.ts';

/** Renders the page of the redirect URI. Its script gives the authorization response to the page that began the sign-in. */
export function callbackPage({
  script,
  nonce,
  productName,
}: {
  readonly script: string;
  readonly nonce: string;
  readonly productName: string;
}): string {
  return plainPage({
    title: `Sign-in · ${productName}`,
    nonce,
    head: `<script type="module" src="${script}"></script>\n`,
    content: `<h1>Sign-in</h1>
<p id="says" role="status">The answer goes to the explorer.</p>
<noscript><p>This page needs scripts. To get a token without them, use <code>npm run sign-in</code>.</p></noscript>`,
  });
}

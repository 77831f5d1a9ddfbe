import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Html, html } from './html.ts';
import { style } from './style.ts';

/** One page for a person. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Default 200. */
  readonly status?: number;
  /** Where a form on it may end up besides ourselves: Chrome holds the whole redirect chain against `form-action`. */
  readonly formTarget?: string;
}

const styleHash = createHash('sha256').update(style).digest('base64');

/** The whole document. */
export function document({ title, body }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Claimgate</title>
<style>${new Html(style)}</style>
</head>
<body><main><header>Claimgate</header>${body}</main></body>
</html>
`.text;
}

/** The headers of every page: nothing but its own style runs, nobody frames it, nothing keeps it. */
export function pageHeaders({ formTarget }: Pick<Page, 'formTarget'>): Record<string, string> {
  const formAction = formTarget ? `'self' ${formTarget}` : `'self'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    // Not no-referrer, under which a form of our own would post with `Origin: null`.
    'referrer-policy': 'same-origin',
  };
}

export function sendPage(response: ServerResponse, page: Page): void {
  response.writeHead(page.status ?? 200, pageHeaders(page)).end(document(page));
}

/**
 * A redirect URI as a source of `form-action`: its origin, or its scheme where that is not http(s).
 *
 * @param uri validated before
 */
export function formSource(uri: string): string {
  const { protocol, origin } = new URL(uri);
  return origin === 'null' ? protocol : origin;
}

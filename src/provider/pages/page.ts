import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Html, html } from './html.ts';
import { style } from './style.ts';

/** A page for a person. */
export interface HtmlPage {
  readonly title: string;
  readonly body: Html;
  /** Default 200. */
  readonly status?: number;
  /**
   * A source that `form-action` allows besides this server. The redirects after the form may lead there, and Chrome
   * checks the whole chain of redirects against `form-action`.
   */
  readonly formTarget?: string;
}

const styleHash = createHash('sha256').update(style).digest('base64');

/** Returns the HTML document of a page. */
function document({ title, body }: HtmlPage): string {
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

/** Returns the headers of every page. A page runs no script, cannot be framed, and is not cached. */
function pageHeaders({ formTarget }: Pick<HtmlPage, 'formTarget'>): Record<string, string> {
  const formAction = formTarget ? `'self' ${formTarget}` : `'self'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    // The window has no opener of another origin. An opener could navigate the window during the sign-in.
    'cross-origin-opener-policy': 'same-origin',
    // With `no-referrer`, browsers would post our forms with `Origin: null`.
    'referrer-policy': 'same-origin',
  };
}

/** The part of the library's context that a page needs. */
interface PageContext {
  status: number;
  body: unknown;
  set(headers: Record<string, string>): void;
}

/** Answers a request that the library handles with a page. */
export function showPage(ctx: PageContext, page: HtmlPage): void {
  ctx.status = page.status ?? 200;
  ctx.set(pageHeaders(page));
  ctx.body = document(page);
}

/** Answers a request with a page. */
export function sendPage(response: ServerResponse, page: HtmlPage): void {
  response.writeHead(page.status ?? 200, pageHeaders(page)).end(document(page));
}

/**
 * Returns the `form-action` source for a redirect URI: its origin. If its scheme is not http(s), returns the scheme.
 *
 * @param uri a valid URI
 */
export function formSource(uri: string): string {
  const { protocol, origin } = new URL(uri);
  return origin === 'null' ? protocol : origin;
}

import type { ServerResponse } from 'node:http';
import { Html, html } from './html.ts';
import { type Frame, sha256 } from './frame.ts';
import { helpParagraph } from './support.ts';

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
  /** Whether the page has a link to the operator's support, if there is one. Default: false. */
  readonly offersHelp?: boolean;
  /**
   * The text of a script, a constant. The page must work without it, because a browser may run no scripts. Default: the
   * page runs no script.
   */
  readonly script?: string;
  /** Whether the script sends requests to this server. Default: it sends no requests. */
  readonly connects?: true;
  /** Whether the page is as wide as a list needs. Default: it is as wide as a short form. */
  readonly isWide?: true;
}

/** Returns the HTML document of a page. */
function document(
  { productName, head, header, supportLink }: Frame,
  { title, body, script, offersHelp, isWide }: HtmlPage,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${productName}</title>
${head}
</head>
<body><main${isWide ? html` class="wide"` : null}>${header}${body}${offersHelp ? helpParagraph(supportLink) : null}</main>${script === undefined ? null : html`<script type="module">${new Html(script)}</script>`}</body>
</html>
`.text;
}

/**
 * Returns the headers of every page. A page runs at most the one script that the server wrote, cannot be framed, and is
 * not cached.
 */
function pageHeaders({ policy }: Frame, { formTarget, script, connects }: HtmlPage): Record<string, string> {
  const scripts =
    script === undefined
      ? ''
      : `; script-src 'sha256-${sha256(script)}'; require-trusted-types-for 'script'; trusted-types 'none'${connects ? "; connect-src 'self'" : ''}`;
  const formAction = formTarget ? `'self' ${formTarget}` : `'self'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; ${policy}${scripts}; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
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
export function showPage(ctx: PageContext, frame: Frame, page: HtmlPage): void {
  ctx.status = page.status ?? 200;
  ctx.set(pageHeaders(frame, page));
  ctx.body = document(frame, page);
}

/** Answers a request with a page. */
export function sendPage(response: ServerResponse, frame: Frame, page: HtmlPage): void {
  response.writeHead(page.status ?? 200, pageHeaders(frame, page)).end(document(frame, page));
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

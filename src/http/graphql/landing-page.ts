import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseAccept } from '../../request/accept.ts';
import { executed, wantsPage } from '../headers/cross-site.ts';

/** Answers a browser at the API endpoint. Executes nothing of its request. */
export type LandingPage = (reply: FastifyReply) => FastifyReply | Promise<FastifyReply>;

/** Returns the page. @param productName - as HTML */
const page = (productName: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>GraphQL API · ${productName}</title>
</head>
<body>
<h1>GraphQL API</h1>
<p>This is the API endpoint: send it GraphQL requests, with <code>Authorization: Bearer</code> and an access token where
an operation asks for one.</p>
</body>
</html>
`;

/**
 * Makes the page without scripts, for a server that offers a browser neither Apollo Sandbox nor the explorer.
 *
 * @param productName - the name of the product, as text
 */
export function plainLandingPage(productName: string): LandingPage {
  const html = page(productName.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  return (reply) => reply.type('text/html; charset=utf-8').send(html);
}

/**
 * Whether a GET with an operation is answered with the page. This is so if `Accept` prefers `text/html`, or if it gives
 * HTML and the result of an operation the same weight and names HTML more exactly or first.
 */
export function prefersPage(request: FastifyRequest): boolean {
  if (wantsPage(request)) return true;
  const accepted = parseAccept(request.headers.accept);
  const html = accepted.of('text/html');
  if (!html || html.quality === 0) return false;
  return executed.every((type) => {
    const other = accepted.of(type);
    if (!other || html.quality > other.quality) return true;
    if (html.quality < other.quality) return false;
    if (html.specificity !== other.specificity) return html.specificity > other.specificity;
    return html.position < other.position;
  });
}

import type { FastifyRequest } from 'fastify';
import { parseAccept } from '../../request/accept.ts';
import type { CrossOrigin } from './cross-origin.ts';
import { Refused } from '../refusal.ts';

/** Headers that a page of another origin cannot send before a preflight has allowed them (Fetch §2.2.2). */
const preflighted = ['authorization', 'dpop', 'apollo-require-preflight', 'x-apollo-operation-name'];
/** Media types that a browser never sends in `Accept` for an element of a page. */
const ofClients = ['application/json', 'application/graphql-response+json', 'text/event-stream'];
/** Media types of the answer to an operation. */
export const executed: readonly string[] = [...ofClients, 'multipart/mixed'];

/**
 * Refuses a GET with an operation if a page of another site could have caused it. A link, an image or a form makes the
 * visitor's browser send a GET. A POST needs `application/json`. No page can send this type without a preflight.
 *
 * A client outside of browsers, such as `urql` in Node.js, sends neither `Origin` nor `Sec-Fetch-Site`. The server
 * recognizes this client by the media types in its `Accept` header. A script in a browser from before 2023 can send
 * these headers too. Its request has no credential and changes nothing, and the script cannot read the answer.
 *
 * @throws Refused if a page of another site could have caused the request
 */
export function refuseCrossSite(request: FastifyRequest, pages: CrossOrigin): void {
  const { headers, method } = request;
  if (method !== 'GET' || !new URL(request.url, 'http://localhost').searchParams.has('query')) return;
  if (preflighted.some((name) => headers[name] !== undefined)) return;
  if (/^application\/json\b/i.test(headers['content-type'] ?? '')) return;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return;
  if (headers.origin !== undefined && pages.admits(request)) return;
  // A browser gets the landing page, and the server executes nothing.
  if (wantsPage(request)) return;
  const accepted = parseAccept(headers.accept);
  const quality = (type: string): number => accepted.of(type)?.quality ?? 0;
  const isClient = ofClients.some((type) => accepted.of(type)?.specificity === 2 && quality(type) > 0);
  if (isClient && site === undefined && headers.origin === undefined) return;
  // For a browser, `Accept` is not enough, because a page can set it without a preflight.
  const accept = site === undefined && headers.origin === undefined ? 'Accept: application/json or ' : '';
  throw new Refused(
    `A page of another site could have sent this GET: send the header ${accept}apollo-require-preflight: true with it, or use POST`,
  );
}

/** Whether a request prefers an HTML page to the result of an operation. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  const accepted = parseAccept(headers.accept);
  const quality = (type: string): number => accepted.of(type)?.quality ?? 0;
  return quality('text/html') > Math.max(...executed.map(quality));
}

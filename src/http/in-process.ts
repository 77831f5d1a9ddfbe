import type { FastifyInstance } from 'fastify';
import { markComplete } from '../protocol/complete-answer.ts';
import { isForwarded } from './headers/forwarded.ts';

/** The part of `fetch` that this module uses. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Makes a `fetch` that passes requests to this server's own public URL to the server without a socket. It gives each of
 * these requests the caller's network address, because no header may set this address. `outside` sends all other
 * requests.
 *
 * @param app - returns the server. Called only for requests, because the server is made after this `fetch`
 * @param outside - sends the requests to other addresses
 */
export function inProcessFetch(
  app: () => FastifyInstance,
  publicUrl: string,
  outside: Fetch,
): (caller: { address: string }) => Fetch {
  return ({ address }) =>
    async (url, init) => {
      const target = new URL(url);
      if (target.origin !== publicUrl) return outside(url, init);
      const answer = await app().inject({
        method: init.method === 'POST' ? 'POST' : 'GET',
        url: target.pathname + target.search,
        // If the caller's address belongs to a trusted proxy, forwarded headers would change the address.
        headers: Object.fromEntries(linesOf(init.headers).filter(([name]) => !isForwarded(name))),
        payload: await bodyOf(init),
        remoteAddress: address,
        ...(init.signal && { signal: init.signal }),
      });
      const headers: [name: string, value: string][] = [];
      for (const [name, value] of Object.entries(answer.headers)) {
        if (forBrowsers.has(name)) continue;
        for (const item of Array.isArray(value) ? value : [String(value)]) headers.push([name, item]);
      }
      const { statusCode: status, rawPayload } = answer;
      return markComplete(new Response(status === 204 ? null : rawPayload, { status, headers }), rawPayload.length);
    };
}

/**
 * The headers of an answer that only browsers read. They are left out, because adding headers to a Response takes most
 * of its time.
 */
const forBrowsers: ReadonlySet<string> = new Set([
  'access-control-expose-headers',
  'content-security-policy',
  'referrer-policy',
  'x-content-type-options',
  'x-frame-options',
]);

/** Returns the headers of a request, with names in lower case. openid-client sends an object with such names. */
function linesOf(headers: RequestInit['headers']): readonly (readonly [name: string, value: string])[] {
  const isList = headers === undefined || headers instanceof Headers || Array.isArray(headers);
  const lines = isList ? null : Object.entries(headers);
  const isUsual = lines?.every(([name, value]) => typeof value === 'string' && name === name.toLowerCase());
  return lines && isUsual ? (lines as [string, string][]) : [...new Headers(headers)];
}

/** Returns the body as text. A form is converted without a Response, because it is the usual body. */
function bodyOf({ body }: RequestInit): string | Promise<string> {
  return body instanceof URLSearchParams ? body.toString() : new Response(body).text();
}

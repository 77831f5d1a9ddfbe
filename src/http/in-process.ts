import type { FastifyInstance } from 'fastify';
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
        headers: Object.fromEntries([...new Headers(init.headers)].filter(([name]) => !isForwarded(name))),
        payload: await bodyOf(init),
        remoteAddress: address,
        ...(init.signal && { signal: init.signal }),
      });
      const headers = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) {
        for (const item of Array.isArray(value) ? value : [String(value)]) headers.append(name, item);
      }
      return new Response(answer.statusCode === 204 ? null : answer.rawPayload, { status: answer.statusCode, headers });
    };
}

/** Returns the body as text. A form is converted without a Response, because it is the usual body. */
function bodyOf({ body }: RequestInit): string | Promise<string> {
  return body instanceof URLSearchParams ? body.toString() : new Response(body).text();
}

import type { FastifyInstance } from 'fastify';
import { isForwarded } from './headers/forwarded.ts';

/** The part of `fetch` that is needed here. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Makes a `fetch` that passes requests to this server's own public URL to the server directly, without a socket. There they have the
 * caller's network address, which no header could set. All other requests are sent over the network.
 *
 * @param app - returns the server. First called at the first request, because the server is made later
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
        // If the caller's address is that of a trusted proxy, these headers would change the address.
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

/** Returns the body as text. A form, the usual body, needs no Response for that. */
function bodyOf({ body }: RequestInit): string | Promise<string> {
  return body instanceof URLSearchParams ? body.toString() : new Response(body).text();
}

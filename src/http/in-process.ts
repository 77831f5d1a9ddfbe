import type { FastifyInstance } from 'fastify';
import { isForwarded } from './headers/forwarded.ts';

/** `fetch`, as far as it is needed here. */
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * A `fetch` whose requests to our own public URL are handed to the server directly, without a socket, and come from the
 * caller's network address there: no header says so, and none could. Requests to anywhere else go out.
 *
 * @param app called at the first request, since the server is made after what needs this
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
        // The caller may be at a trusted proxy's address, and would then be whom these say.
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

/** As text. A form, which is what comes nearly always, needs no Response to become it. */
function bodyOf({ body }: RequestInit): string | Promise<string> {
  return body instanceof URLSearchParams ? body.toString() : new Response(body).text();
}

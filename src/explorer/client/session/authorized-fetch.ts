import type { Callers, Environment } from './caller.ts';

/** The request takes no cookie and leaves nothing in the cache. The token goes to no other address. */
const privately = {
  credentials: 'omit',
  cache: 'no-store',
  redirect: 'error',
  referrerPolicy: 'no-referrer',
} as const;

/**
 * Returns a `fetch` that sends requests as a caller: it adds the `Authorization` header. If the server answers 401 with
 * `invalid_token`, the token is renewed and the request is sent one time more. The server has executed nothing then.
 *
 * The body must be usable twice: a text, not a stream.
 *
 * @throws SessionError if the caller has ended
 */
export function authorizedFetch(
  callers: Pick<Callers, 'authorization' | 'renew' | 'list'>,
  id: string,
  fetch: Environment['fetch'],
): Environment['fetch'] {
  async function send(url: string, init: RequestInit, authorization: string | null): Promise<Response> {
    const headers = new Headers(init.headers);
    if (authorization === null) headers.delete('authorization');
    else headers.set('authorization', authorization);
    return fetch(url, { ...init, headers, ...privately });
  }
  return async (url, init) => {
    const used = await callers.authorization(id);
    const answer = await send(url, init, used);
    const isRefused =
      answer.status === 401 && /error="?invalid_token/.test(answer.headers.get('www-authenticate') ?? '');
    const isRenewable = callers.list().some((caller) => caller.id === id && caller.kind === 'signed-in');
    if (!isRefused || !isRenewable) return answer;
    try {
      // Another request may have renewed the token in the meantime.
      if ((await callers.authorization(id)) === used) await callers.renew(id);
    } catch {
      return answer; // The state of the caller says why.
    }
    await answer.body?.cancel();
    return send(url, init, await callers.authorization(id));
  };
}

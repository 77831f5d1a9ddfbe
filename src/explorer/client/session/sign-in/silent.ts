import { type Environment, SessionError } from '../caller.ts';
import { messageOf } from '../text.ts';
import type { Flow } from './flow.ts';
import { responseOfQuery } from './response.ts';
import type { IssuedTokens } from '../tokens/token-mutations.ts';

/** The time for the authorization request, in milliseconds. */
const timeoutMs = 15_000;

/**
 * Signs in without a window (`prompt=none`). The page sends the authorization request to its own origin and reads the
 * answer from the address to which the server redirects. No history entry has the code.
 *
 * @returns null if the server showed a page instead of an answer
 * @throws SessionError if the browser is not signed in, or if the consent is not remembered
 */
export async function signInSilently(
  flow: Flow,
  fetch: Environment['fetch'],
  scopes: readonly string[],
): Promise<IssuedTokens | null> {
  const begun = await flow.begin({ scopes, prompt: 'none', maxAge: null, acr: [] });
  const answer = await fetch(begun.url, {
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'follow',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new SessionError(`The server did not answer: ${messageOf(error)}`, { isTemporary: true });
  });
  await answer.body?.cancel();
  if (!answer.url.startsWith(`${flow.redirectUri}?`)) return null;
  const response = responseOfQuery(new URL(answer.url).search);
  return response && begun.finish(response);
}

import { hash } from 'node:crypto';
import { errors, Provider } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted } from '../../identity/applications/first-party.ts';
import { secretMatches } from '../../identity/keys/secrets.ts';
import { storedReplays } from '../../store/token/replays.ts';
import type { Store } from '../../store/tables.ts';

/** What the library does otherwise than we when a client proves itself and asks for a grant. */
export function adaptClients(provider: Provider, store: Store): void {
  const { prototype } = provider.Client;
  // Clients are known by the hash of their secret (adapter.ts).
  prototype.compareClientSecret = function compareClientSecret(this: { clientSecret?: string }, secret) {
    return this.clientSecret !== undefined && secretMatches(secret, this.clientSecret);
  };

  prototype.grantTypeAllowed = function grantTypeAllowed(this: { grantTypes?: string[] }, type) {
    const answer = this.grantTypes?.includes(type) ?? false;
    const { ctx } = Provider;
    // RFC 6749 §5.2: the library says `invalid_request`.
    if (!answer && ctx?.oidc.route === 'token' && ctx.oidc.params?.grant_type === type) {
      throw new errors.UnauthorizedClient('this grant type is not among those of the client');
    }
    return answer;
  };

  // RFC 7523 §3 (7) and RFC 9449 §11.1: once over all processes. The library looks first and saves afterwards.
  const replays = storedReplays(store);
  provider.ReplayDetection.unique = async (issuer, identifier, expiresAt) =>
    replays.add(replayName(issuer, identifier), Math.ceil((expiresAt + iatWindow + clockSpread) * 1_000));
}

/**
 * How far the `iat` of a DPoP proof may be from now for the library, before or after, in seconds. For the library a proof expires so
 * long after it was used; but one whose `iat` is as far ahead is acceptable twice as long.
 */
const iatWindow = 300;

/** How far the clocks of the processes on one database are apart at most, in seconds. */
const clockSpread = 60;

/** How long a client assertion may be good for, in seconds: until it expires, its identifier is remembered. */
const longestAssertion = 24 * 60 * 60;
/** The same for an application that registered itself without a token: what callers without an account store lives for minutes. */
const longestUnvettedAssertion = 10 * 60;

/**
 * RFC 7523 §3 (4): a server may refuse an assertion that expires unreasonably far in the future.
 *
 * @param now milliseconds since the epoch
 * @param unvetted whether the client registered itself without a token
 */
export function checkAssertionLifetime(
  claims: Readonly<Record<string, unknown>>,
  now: number,
  unvetted: boolean,
): void {
  const { exp } = claims;
  const longest = unvetted ? longestUnvettedAssertion : longestAssertion;
  if (typeof exp === 'number' && exp <= now / 1_000 + longest) return;
  throw new errors.InvalidClientAuth('assertion expires too late');
}

/** Whether a client registered itself without a token. */
export async function isAnybodys(store: Store, clientId: string): Promise<boolean> {
  const found = await findApplicationWithSecret(store, clientId);
  return found !== null && isUnvetted(found.application);
}

/** Neither of the two can be chosen so that it passes for part of the other, nor for a proof that came to our API. */
function replayName(issuer: string, identifier: string): string {
  return hash('sha256', JSON.stringify(['authorization server', issuer, identifier]), 'base64url');
}

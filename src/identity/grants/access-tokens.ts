import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';

/**
 * The longest time between a token request and its answer, in milliseconds. Meanwhile the account may be disabled, or
 * the application may lose a scope. Therefore the revocation of an account or application also covers tokens that are
 * issued within this time after it.
 */
export const underWayMs = 5_000;

/** How long a verifier may still accept an expired token, because clocks differ, in milliseconds. */
const clockSkewMs = 5 * 60_000;

/**
 * Revokes one access token. Its grant stays valid and can get other tokens. This process rejects the token at once, and
 * every other process that can reach the database within 2 s.
 *
 * @param id its `jti`
 * @param now milliseconds since the epoch
 * @param expiresAt when the token expires, in milliseconds since the epoch. Its revocation is deleted 5 min later
 * @returns false if the token was revoked before
 */
export async function revokeAccessToken(store: Store, id: string, now: number, expiresAt: number): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    // A caller could repeat the request with one token. Without this check, each request would take memory in every
    // process.
    if (await isRevoked(transaction, 'token', id)) return false;
    await revoke([{ kind: 'token', id, issuedUntil: expiresAt + clockSkewMs }]);
    return true;
  });
}

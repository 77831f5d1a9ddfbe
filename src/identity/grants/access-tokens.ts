import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';

/**
 * How long after the server accepted a request for a token it may issue the token, in milliseconds. Meanwhile the
 * account may be disabled, or the application may lose a scope. Therefore a revocation also covers tokens that are
 * issued within this time after it.
 */
export const underWayMs = 5_000;

/** How long after its expiry a verifier may still accept a token, because clocks differ, in milliseconds. */
const clockSkewMs = 5 * 60_000;

/**
 * Revokes one access token and nothing else: its grant gets other tokens. The token is rejected at once in this process, and
 * within 2 s in every other.
 *
 * @param id its `jti`
 * @param now milliseconds since the epoch
 * @param expiresAt when the token expires, in milliseconds since the epoch. Its revocation is deleted 5 min later
 * @returns whether this call revoked the token; false if it was revoked before
 */
export async function revokeAccessToken(store: Store, id: string, now: number, expiresAt: number): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    // Otherwise a caller with one token could fill the memory of every process with revocations of it.
    if (await isRevoked(transaction, 'token', id)) return false;
    await revoke([{ kind: 'token', id, issuedUntil: expiresAt + clockSkewMs }]);
    return true;
  });
}

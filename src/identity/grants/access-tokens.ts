import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';

/** How far clocks may be off, and how long after its end a token may be accepted, in milliseconds. */
const margin = 5 * 60_000;

/**
 * Ends one access token and nothing else: its grant yields others. It is refused at once in this process, and in every other
 * within two seconds.
 *
 * @param id its `jti`
 * @param now milliseconds since the epoch
 * @param expiresAt when it runs out, in milliseconds since the epoch: soon after, its revocation is forgotten
 * @returns whether it ended now; done again, nothing happens
 */
export async function revokeAccessToken(store: Store, id: string, now: number, expiresAt: number): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    // Whoever holds one token could otherwise fill the memory of every process with it.
    if (await isRevoked(transaction, 'token', id)) return false;
    await revoke([{ kind: 'token', id, issuedUntil: expiresAt + margin }]);
    return true;
  });
}

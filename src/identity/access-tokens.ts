import { isRevoked, revoking } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';

/**
 * Ends one access token and nothing else: its grant yields others. It is refused at once in this process, and in every other
 * within two seconds.
 *
 * @param id its `jti`
 * @param now milliseconds since the epoch
 * @returns whether it ended now; done again, nothing happens
 */
export async function revokeAccessToken(store: Store, id: string, now: number): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    // Whoever holds one token could otherwise fill the memory of every process with it.
    if (await isRevoked(transaction, 'token', id)) return false;
    await revoke([{ kind: 'token', id, issuedUntil: Number.MAX_SAFE_INTEGER }]);
    return true;
  });
}

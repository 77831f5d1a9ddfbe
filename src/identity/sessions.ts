import { createHash } from 'node:crypto';
import { artifacts } from '../store/artifacts.ts';
import { revoking } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';

/** How access tokens name the session that they were issued under: nothing that finds a session leaves the server. */
export function sessionName(uid: string): string {
  return createHash('sha256').update(uid).digest('base64url');
}

/**
 * Signs a person out of a browser: the access tokens that name the session are refused, at once in this process and in every
 * other within two seconds. What was granted in it stays granted: refresh tokens give access tokens that name no session.
 *
 * @param uid the session's own, which stays while its identifier changes
 * @param now milliseconds since the epoch
 */
export async function endSession(store: Store, uid: string, now: number): Promise<void> {
  await revoking(store, now, async (transaction, revoke) => {
    await artifacts(transaction, 'Session', () => now).destroyByUid(uid);
    // No session comes back under its uid, so a token that is still being made in it is refused too.
    await revoke([{ kind: 'session', id: sessionName(uid), issuedUntil: Number.MAX_SAFE_INTEGER }]);
  });
}

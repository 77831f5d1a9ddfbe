import { createHash } from 'node:crypto';
import { ownerOf } from '../../store/artifacts/owner.ts';
import { type ArtifactPayload, artifacts } from '../../store/artifacts/artifacts.ts';
import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { endOldestSessions } from './end-sessions.ts';
import { stands } from './credential-epoch.ts';

/** How access tokens name the session that they were issued under: nothing that finds a session leaves the server. */
export function sessionName(uid: string): string {
  return createHash('sha256').update(uid).digest('base64url');
}

/** A session as the authorization server hands it over. */
export interface SessionToSave {
  readonly id: string;
  readonly payload: ArtifactPayload & { readonly uid: string };
  /** Seconds. */
  readonly expiresIn: number | undefined;
  /** What its browser calls itself; null: as it was. */
  readonly userAgent: string | null;
}

/**
 * Keeps a session of a browser: for an account, only while the account is enabled and in the credential epoch in which it signed
 * in, which is compared in the transaction that writes. A session that has ended does not come back, whichever request had it
 * in hand. Where the account has too many, the oldest ends.
 *
 * @param now milliseconds since the epoch
 */
export async function saveSession(
  store: Store,
  { id, payload, expiresIn, userAgent }: SessionToSave,
  now: number,
): Promise<void> {
  const owner = ownerOf(payload);
  const name = sessionName(payload.uid);
  await revoking(store, now, async (transaction, revoke) => {
    if (owner && !(await stands(transaction, owner.accountId, owner.credentialEpoch))) return;
    const kept = artifacts(transaction, 'Session', () => now);
    await kept.upsert(id, payload, expiresIn, userAgent);
    if (await isRevoked(transaction, 'session', name)) await kept.destroy(id);
    else if (owner) await endOldestSessions(transaction, revoke, owner.accountId, name);
  });
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

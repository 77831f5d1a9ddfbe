import type { ArtifactPayload } from '../../store/artifacts/artifact.ts';
import { artifacts } from '../../store/artifacts/artifacts.ts';
import { ownerOf } from '../../store/artifacts/owner.ts';
import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { stands } from './credential-epoch.ts';
import { endOldestSessions } from './end-sessions.ts';
import { sessionName } from './sessions.ts';

/** A session as the authorization server stores it. */
export interface SessionToSave {
  readonly id: string;
  readonly payload: ArtifactPayload & { readonly uid: string };
  /** Seconds. */
  readonly expiresIn: number | undefined;
  /** The `User-Agent` header; null: the stored header stays as it was. */
  readonly userAgent: string | null;
}

/**
 * Stores a session of a browser.
 *
 * The transaction checks that the account of the session is enabled and still in the credential epoch in which it
 * signed in. Otherwise the session is not stored. A session that has ended is not stored again, although a slow request
 * may still hold it. If the account has too many sessions, the oldest ends.
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

import type { ArtifactPayload, SeenBrowser } from '../../store/artifacts/artifact.ts';
import { artifactsOfModel } from '../../store/artifacts/artifacts.ts';
import { ownerOf } from '../../store/artifacts/owner.ts';
import { isRevoked, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { isInCredentialEpoch } from './credential-epoch.ts';
import { endOldestSessions } from './end-sessions.ts';
import { sessionName } from './sessions.ts';

/** A session as the authorization server stores it. */
export interface SessionToSave {
  readonly id: string;
  readonly payload: ArtifactPayload & { readonly uid: string };
  /** Seconds. */
  readonly expiresIn: number | undefined;
  /** The browser that uses the session; null: the request is not known, and the stored values stay. */
  readonly seen: SeenBrowser | null;
}

/**
 * Stores a session of a browser.
 *
 * If the session has an account, it is stored only if the account is enabled and still in the credential epoch of the
 * sign-in. If the account then has too many sessions, its oldest sessions end. An ended session is not stored again,
 * even if a slow request still has it in memory.
 *
 * @param now milliseconds since the epoch
 */
export async function saveSession(
  store: Store,
  { id, payload, expiresIn, seen }: SessionToSave,
  now: number,
): Promise<void> {
  const owner = ownerOf(payload);
  const name = sessionName(payload.uid);
  await revoking(store, now, async (transaction, revoke) => {
    if (owner && !(await isInCredentialEpoch(transaction, owner.accountId, owner.credentialEpoch))) return;
    const kept = artifactsOfModel(transaction, 'Session', () => now);
    await kept.upsert(id, payload, expiresIn, seen);
    if (await isRevoked(transaction, 'session', name)) await kept.destroy(id);
    else if (owner) await endOldestSessions(transaction, revoke, owner.accountId, name);
  });
}

import { artifactsOfModel } from '../../store/artifacts/artifacts.ts';
import { type StoreRevocation, revoking } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { beginCredentialEpoch } from './credential-epoch.ts';
import { findSignInSessions, sessionName, type SignInSession } from './sessions.ts';

// When a session ends, this process rejects its access tokens at once, and every other process that can reach the
// database within 2 s. The grants that the person gave in the session stay. Their later access tokens name no session.

/**
 * Ends the session of a browser when a person signs out in it.
 *
 * @param uid the session's `uid` in the authorization server. It does not change when the identifier of the session
 *   changes
 * @param now milliseconds since the epoch
 */
export async function endSession(store: Store, uid: string, now: number): Promise<void> {
  await revoking(store, now, async (transaction, revoke) => {
    await artifactsOfModel(transaction, 'Session', () => now).destroyByUid(uid);
    await revokeSessions(revoke, [sessionName(uid)]);
  });
}

/**
 * Ends one session by its name.
 *
 * @param accountId ends the session only if it belongs to this account; null: any account
 * @param now milliseconds since the epoch
 * @returns the session as it was; null if there is no such session
 */
export async function endSignInSession(
  store: Store,
  id: string,
  accountId: string | null,
  now: number,
): Promise<SignInSession | null> {
  return revoking(store, now, async (transaction, revoke) => {
    const [session = null] = await findSignInSessions(transaction, [id], now);
    if (!session || (accountId !== null && session.accountId !== accountId)) return null;
    await transaction.deleteFrom('artifacts').where('model', '=', 'Session').where('uid_hash', '=', id).execute();
    await revokeSessions(revoke, [id]);
    return session;
  });
}

/**
 * Begins a new credential epoch of an account. Ends its unfinished sign-ins, and all its sessions except one.
 *
 * @param keep the name of the session that stays
 * @param now milliseconds since the epoch
 */
export async function endOtherSessions(store: Store, accountId: string, keep: string, now: number): Promise<void> {
  await revoking(store, now, (transaction, revoke) => endSessionsOf(transaction, revoke, accountId, { name: keep }));
}

/** A sign-in session that stays when the other sessions of its account end. */
export interface KeptSession {
  /** Its name in access tokens. */
  readonly name: string;
  /** Its new identifier. Default: its present identifier. */
  readonly newId?: string;
}

/**
 * Signs an account out everywhere. Begins a new credential epoch. Ends the sessions and the unfinished sign-ins of the
 * account. Its grants stay.
 *
 * @param transaction from `revoking`
 * @param revoke from `revoking`
 * @param keep a session that stays. It moves to the new epoch. Default: no session stays
 */
export async function endSessionsOf(
  transaction: Store,
  revoke: StoreRevocation,
  accountId: string,
  keep: KeptSession | null = null,
): Promise<void> {
  const credentialEpoch = await beginCredentialEpoch(transaction, accountId);
  const ended = await transaction
    .deleteFrom('artifacts')
    .where('account_id', '=', accountId)
    .$if(keep !== null, (query) =>
      query.where((eb) => eb.or([eb('uid_hash', 'is', null), eb('uid_hash', '!=', keep?.name ?? '')])),
    )
    .returning('uid_hash')
    .execute();
  if (keep && credentialEpoch !== null) {
    await artifactsOfModel(transaction, 'Session').renew(keep.name, credentialEpoch, keep.newId ?? null);
  }
  await revokeSessions(revoke, namesOf(ended));
}

/** How many sign-in sessions an account has at most. A further session ends the oldest. */
export const maxSessions = 100;

/**
 * How many sessions one sign-in ends at most. If an earlier version, which had no limit, stored more sessions, later
 * sign-ins end the rest.
 */
const maxEnded = 500;

/**
 * Ends the oldest sessions of an account until the account has at most `maxSessions`. Ends at most 500 sessions in one
 * call.
 *
 * @param transaction from `revoking`. It has locked the account (`isInCredentialEpoch`)
 * @param revoke from `revoking`
 * @param keep the name of the session that was just stored. It counts towards the limit, and stays
 */
export async function endOldestSessions(
  transaction: Store,
  revoke: StoreRevocation,
  accountId: string,
  keep: string,
): Promise<void> {
  const oldest = transaction
    .selectFrom('artifacts')
    .select('id_hash')
    .where('model', '=', 'Session')
    .where('account_id', '=', accountId)
    .where('uid_hash', '!=', keep)
    .orderBy('signed_in_at', 'desc')
    .orderBy('id_hash')
    .offset(maxSessions - 1)
    .limit(maxEnded);
  const ended = await transaction
    .deleteFrom('artifacts')
    .where('model', '=', 'Session')
    .where('id_hash', 'in', oldest)
    .returning('uid_hash')
    .execute();
  await revokeSessions(revoke, namesOf(ended));
}

function namesOf(rows: readonly { readonly uid_hash: string | null }[]): readonly string[] {
  return rows.flatMap(({ uid_hash }) => (uid_hash === null ? [] : [uid_hash]));
}

/**
 * Revokes sessions by their names. No later session has one of these names. Therefore the revocation has no end, and
 * also covers tokens that are still being issued.
 */
function revokeSessions(revoke: StoreRevocation, names: readonly string[]): Promise<void> {
  return revoke(names.map((id) => ({ kind: 'session', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
}

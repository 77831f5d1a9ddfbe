import { artifacts } from '../../store/artifacts/artifacts.ts';
import type { Revoke } from '../../store/token/revocations.ts';
import type { Store } from '../../store/tables.ts';
import { beginCredentialEpoch } from './credential-epoch.ts';

/** A sign-in session that stays when the others of its account end. */
export interface KeptSession {
  /** As access tokens name it. */
  readonly name: string;
  /** Its new identifier. Default: the one it has. */
  readonly newId?: string;
}

/**
 * Signs an account out everywhere: a new credential epoch begins, its sign-in sessions end, with the access tokens that name
 * them, and so does every sign-in that has passed a factor and was not finished.
 *
 * @param transaction and `revoke`: from `revoking`
 * @param keep a session that stays, and belongs to the new epoch. Default: none
 */
export async function endSessionsOf(
  transaction: Store,
  revoke: Revoke,
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
    await artifacts(transaction, 'Session').renew(keep.name, credentialEpoch, keep.newId ?? null);
  }
  // No session comes back under its name, so a token that is still being made in it is refused too.
  const names = ended.flatMap(({ uid_hash }) => (uid_hash === null ? [] : [uid_hash]));
  await revoke(names.map((id) => ({ kind: 'session', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
}

/** How many sign-in sessions an account has at most at a time; with one more, the one that began first ends. */
export const mostSessions = 100;

/** How many sessions one sign-in ends at most: there are more than one too many only where this limit is newer than they are. */
const mostEnded = 500;

/**
 * Ends the oldest sessions of an account, with the access tokens that name them, until there are as many as it may have.
 *
 * @param transaction and `revoke`: from `revoking`; it holds the account
 * @param keep the name of the session that was just kept: it stays, and counts
 */
export async function endOldestSessions(
  transaction: Store,
  revoke: Revoke,
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
    .offset(mostSessions - 1)
    .limit(mostEnded);
  const ended = await transaction
    .deleteFrom('artifacts')
    .where('model', '=', 'Session')
    .where('id_hash', 'in', oldest)
    .returning('uid_hash')
    .execute();
  const names = ended.flatMap(({ uid_hash }) => (uid_hash === null ? [] : [uid_hash]));
  await revoke(names.map((id) => ({ kind: 'session', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
}

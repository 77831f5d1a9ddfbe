import type { Revoke } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';

/**
 * Signs an account out everywhere: its sign-in sessions end, with the access tokens that name them, and so does every sign-in
 * that has got beyond a factor and was not finished.
 *
 * @param transaction and `revoke`: from `revoking`
 * @param keep the name of a session that stays. Default: none
 */
export async function endSessionsOf(
  transaction: Store,
  revoke: Revoke,
  accountId: string,
  keep: string | null = null,
): Promise<void> {
  const ended = await transaction
    .deleteFrom('artifacts')
    .where('account_id', '=', accountId)
    .where((eb) => (keep === null ? eb.lit(true) : eb.or([eb('uid_hash', 'is', null), eb('uid_hash', '!=', keep)])))
    .returning('uid_hash')
    .execute();
  // No session comes back under its name, so a token that is still being made in it is refused too.
  const names = ended.flatMap(({ uid_hash }) => (uid_hash === null ? [] : [uid_hash]));
  await revoke(names.map((id) => ({ kind: 'session', id, issuedUntil: Number.MAX_SAFE_INTEGER })));
}

import type { Revoke } from '../store/revocations.ts';
import type { Store } from '../store/tables.ts';
import { sessionName } from './sessions.ts';

/**
 * Signs an account out everywhere: its sign-in sessions end, with the access tokens that name them, and so does every sign-in
 * that has got beyond the password and was not finished.
 *
 * @param transaction and `revoke`: from `revoking`
 */
export async function endSessionsOf(transaction: Store, revoke: Revoke, accountId: string): Promise<void> {
  const rows = await transaction
    .selectFrom('artifacts')
    .select(['model', 'id_hash', 'payload'])
    .where('model', 'in', ['Session', 'Interaction'])
    .where('payload', 'like', `%${JSON.stringify(accountId)}%`)
    .execute();
  const uids: string[] = [];
  for (const { model, id_hash, payload } of rows) {
    await transaction.deleteFrom('artifacts').where('model', '=', model).where('id_hash', '=', id_hash).execute();
    const { uid } = JSON.parse(payload);
    if (model === 'Session' && typeof uid === 'string') uids.push(uid);
  }
  // No session comes back under its uid, so a token that is still being made in it is refused too.
  await revoke(uids.map((uid) => ({ kind: 'session', id: sessionName(uid), issuedUntil: Number.MAX_SAFE_INTEGER })));
}

import type { Sealer } from './sealing.ts';
import type { Store } from '../tables.ts';

/**
 * Seals the tokens of refresh handles again with the present key if another key sealed them. A token that cannot be
 * opened stays as it is. Its handle is unusable. When a client uses the handle, the log reports this.
 *
 * @param purposeOf returns the purpose of a token, by the hash of its handle
 * @returns how many tokens were sealed again
 */
export async function resealConnectionGrants(
  store: Store,
  sealer: Sealer,
  purposeOf: (id: string) => string,
): Promise<number> {
  const rows = await store
    .selectFrom('connection_grants')
    .select(['id_hash', 'sealed'])
    .where('sealed', 'is not', null)
    .execute();
  let count = 0;
  for (const { id_hash: id, sealed } of rows) {
    if (sealed === null || sealer.isCurrent(sealed)) continue;
    const renewed = resealed(sealer, sealed, purposeOf(id));
    if (renewed === null) continue;
    const { numUpdatedRows } = await store
      .updateTable('connection_grants')
      .set({ sealed: renewed })
      .where('id_hash', '=', id)
      .where('sealed', '=', sealed)
      .executeTakeFirst();
    count += Number(numUpdatedRows);
  }
  return count;
}

function resealed(sealer: Sealer, sealed: string, purpose: string): string | null {
  try {
    return sealer.seal(sealer.open(sealed, purpose), purpose);
  } catch {
    return null;
  }
}

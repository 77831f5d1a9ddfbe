import type { KeyCopies, KeyCopy } from '../../issuer/ports.ts';
import type { Store } from '../tables.ts';

/**
 * Returns the store of the latest key set of each foreign issuer. All processes on the database share it. A later copy
 * replaces the earlier copy.
 */
export function storedKeyCopies(store: Store): KeyCopies {
  return {
    async load(issuer) {
      const row = await store
        .selectFrom('key_copies')
        .select(['key_set', 'fetched_at'])
        .where('issuer', '=', issuer)
        .executeTakeFirst();
      if (!row) return null;
      // Only `save` writes it.
      const keySet = JSON.parse(row.key_set) as KeyCopy['keySet'];
      return { keySet, fetchedAt: row.fetched_at };
    },
    async save(issuer, { keySet, fetchedAt }) {
      const copy = { key_set: JSON.stringify(keySet), fetched_at: fetchedAt };
      await store
        .insertInto('key_copies')
        .values({ issuer, ...copy })
        .onConflict((conflict) =>
          conflict.column('issuer').doUpdateSet(copy).where('key_copies.fetched_at', '<', fetchedAt),
        )
        .execute();
    },
  };
}

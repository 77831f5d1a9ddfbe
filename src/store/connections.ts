import type { ConnectionGrants, Transactions } from '../exchange/ports.ts';
import type { Sealer } from './sealing.ts';
import type { Store } from './tables.ts';

/** Authorization requests that were begun, known to every process on this database. */
export function storedTransactions(store: Store): Transactions {
  return {
    async add({ id, connection, redirectUri, expiresAt }) {
      await store
        .insertInto('authorization_transactions')
        .values({ id_hash: id, connection, redirect_uri: redirectUri, taken_at: null, expires_at: expiresAt })
        .execute();
    },

    async take(id, connection, now) {
      // One statement: of any number at once, one changes the row.
      const taken = await store
        .updateTable('authorization_transactions')
        .set({ taken_at: now })
        .where('id_hash', '=', id)
        .where('connection', '=', connection)
        .where('taken_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('redirect_uri')
        .executeTakeFirst();
      return taken ? { redirectUri: taken.redirect_uri } : null;
    },

    async giveBack(id, takenAt) {
      await store
        .updateTable('authorization_transactions')
        .set({ taken_at: null })
        .where('id_hash', '=', id)
        .where('taken_at', '=', takenAt)
        .execute();
    },
  };
}

/** Refresh handles, known to every process on this database. */
export function storedConnectionGrants(store: Store): ConnectionGrants {
  return {
    async add({ id, family, connection, sealed, expiresAt }) {
      await store
        .insertInto('connection_grants')
        .values({ ...unused, id_hash: id, family, connection, sealed, expires_at: expiresAt })
        .execute();
    },

    async claim(id, connection, now, until) {
      const claimed = await store
        .updateTable('connection_grants')
        .set({ claimed_until: until })
        .where('id_hash', '=', id)
        .where('connection', '=', connection)
        .where('spent_at', 'is', null)
        .where('expires_at', '>', now)
        .where((where) => where.or([where('claimed_until', 'is', null), where('claimed_until', '<', now)]))
        .returning(['family', 'sealed'])
        .executeTakeFirst();
      if (claimed?.sealed) return { is: 'claimed', family: claimed.family, sealed: claimed.sealed };
      const row = await store
        .selectFrom('connection_grants')
        .select(['family', 'spent_at'])
        .where('id_hash', '=', id)
        .where('connection', '=', connection)
        .where('expires_at', '>', now)
        .executeTakeFirst();
      if (!row) return { is: 'unknown' };
      return row.spent_at === null ? { is: 'busy' } : { is: 'spent', family: row.family, at: row.spent_at };
    },

    async release(id, until, sealed) {
      await store
        .updateTable('connection_grants')
        .set({ claimed_until: null, ...(sealed !== undefined && { sealed }) })
        .where('id_hash', '=', id)
        .where('claimed_until', '=', until)
        .where('spent_at', 'is', null)
        .execute();
    },

    rotate(id, until, next, now) {
      return store.transaction().execute(async (transaction) => {
        const spent = await transaction
          .updateTable('connection_grants')
          .set({ spent_at: now, claimed_until: null, sealed: null })
          .where('id_hash', '=', id)
          .where('claimed_until', '=', until)
          .where('spent_at', 'is', null)
          .returning(['family', 'connection'])
          .executeTakeFirst();
        if (!spent) return false;
        const { id: id_hash, sealed, expiresAt: expires_at } = next;
        await transaction
          .insertInto('connection_grants')
          .values({ ...unused, ...spent, id_hash, sealed, expires_at })
          .execute();
        return true;
      });
    },

    async find(id, connection) {
      const row = await store
        .selectFrom('connection_grants')
        .select('family')
        .where('id_hash', '=', id)
        .where('connection', '=', connection)
        .executeTakeFirst();
      return row?.family ?? null;
    },

    async end(family) {
      let token: { id: string; sealed: string } | null = null;
      // Again until nothing is left: a statement that waited for a rotation does not see the handle that it inserted.
      for (;;) {
        const rows = await store
          .deleteFrom('connection_grants')
          .where('family', '=', family)
          .returning(['id_hash', 'sealed'])
          .execute();
        if (rows.length === 0) return token;
        for (const { id_hash: id, sealed } of rows) if (sealed !== null) token = { id, sealed };
      }
    },
  };
}

const unused = { claimed_until: null, spent_at: null };

/** How many rows one statement deletes at most, so that no writer waits long. */
const sweepSize = 500;

/**
 * Deletes the transactions and handles that have expired, used or not.
 *
 * @param now milliseconds since the epoch
 */
export async function sweepConnections(store: Store, now: number): Promise<void> {
  for (const table of ['authorization_transactions', 'connection_grants'] as const) {
    for (;;) {
      const expired = store.selectFrom(table).select('id_hash').where('expires_at', '<', now).limit(sweepSize);
      const { numDeletedRows } = await store.deleteFrom(table).where('id_hash', 'in', expired).executeTakeFirst();
      if (numDeletedRows < sweepSize) break;
    }
  }
}

/**
 * Seals what stands behind refresh handles with the present key, where another one sealed it. What does not open is left: its
 * handle is no good, and the log is told when somebody uses it.
 *
 * @param purposeOf what it is sealed for, by the hash of its handle
 * @returns how many were sealed anew
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

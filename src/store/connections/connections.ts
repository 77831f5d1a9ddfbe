import type { ConnectionGrants, EndCause, SealedToken, Transactions } from '../../exchange/ports.ts';
import type { Store } from '../tables.ts';
import { inTransaction } from '../transaction.ts';
import { deleteInBatches } from '../sweep.ts';

/** Returns the store of authorization requests that wait for their callback. All processes on the database share it. */
export function storedTransactions(store: Store): Transactions {
  return {
    async add({ id, connection, redirectUri, expiresAt }) {
      await store
        .insertInto('authorization_transactions')
        .values({ id_hash: id, connection, redirect_uri: redirectUri, taken_at: null, expires_at: expiresAt })
        .execute();
    },

    async take(id, connection, now) {
      // One statement checks and changes the row. Therefore only one of several callers gets it.
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

/** The kind of a change to refresh handles. */
export type HandleChange = 'added' | 'rotated' | EndCause;

/**
 * Changes refresh handles and writes the audit facts, in one transaction.
 *
 * @param connectionOf returns the connection of the changed handles; null: nothing was changed
 */
export type HandleChanging = <T>(
  kind: HandleChange,
  change: (transaction: Store) => Promise<T>,
  connectionOf: (changed: T) => string | null,
) => Promise<T>;

/**
 * Returns the store of refresh handles. All processes on the database share it.
 *
 * @param changing makes each change. Default: in a transaction, without audit facts
 */
export function storedConnectionGrants(
  store: Store,
  changing: HandleChanging = (_kind, change) => inTransaction(store, change),
): ConnectionGrants {
  return {
    async add({ id, family, connection, sealed, expiresAt }) {
      const row = { ...unused, id_hash: id, family, connection, sealed, expires_at: expiresAt };
      await changing(
        'added',
        (transaction) => transaction.insertInto('connection_grants').values(row).execute(),
        () => connection,
      );
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

    async rotate(id, until, next, now) {
      const change = async (transaction: Store): Promise<string | null> => {
        const spent = await transaction
          .updateTable('connection_grants')
          .set({ spent_at: now, claimed_until: null, sealed: null })
          .where('id_hash', '=', id)
          .where('claimed_until', '=', until)
          .where('spent_at', 'is', null)
          .returning(['family', 'connection'])
          .executeTakeFirst();
        if (!spent) return null;
        const { id: id_hash, sealed, expiresAt: expires_at } = next;
        await transaction
          .insertInto('connection_grants')
          .values({ ...unused, ...spent, id_hash, sealed, expires_at })
          .execute();
        return spent.connection;
      };
      return (await changing('rotated', change, (connection) => connection)) !== null;
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

    async end(family, cause) {
      const change = async (transaction: Store): Promise<Ended> => {
        let ended: Ended = { connection: null, token: null };
        // A statement that waited for a rotation does not see the handle that the rotation inserted. Therefore the
        // statement is repeated until no handle is left.
        for (;;) {
          const rows = await transaction
            .deleteFrom('connection_grants')
            .where('family', '=', family)
            .returning(['id_hash', 'connection', 'sealed'])
            .execute();
          if (rows.length === 0) return ended;
          for (const { id_hash: id, connection, sealed } of rows) {
            ended = { connection, token: sealed === null ? ended.token : { id, sealed } };
          }
        }
      };
      // If no handle was valid, nothing is recorded. Otherwise a caller could fill the audit trail by repeating the
      // request.
      return (await changing(cause, change, ({ connection, token }) => token && connection)).token;
    },
  };
}

/** The result of the deletion of a family of handles. */
interface Ended {
  readonly connection: string | null;
  readonly token: SealedToken | null;
}

const unused = { claimed_until: null, spent_at: null };

/**
 * Deletes the transactions and handles that have expired, used or not.
 *
 * @param now milliseconds since the epoch
 */
export async function sweepConnections(store: Store, now: number): Promise<void> {
  for (const table of ['authorization_transactions', 'connection_grants'] as const) {
    await deleteInBatches((limit) =>
      store
        .deleteFrom(table)
        .where('id_hash', 'in', store.selectFrom(table).select('id_hash').where('expires_at', '<', now).limit(limit)),
    );
  }
}

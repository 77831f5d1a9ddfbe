import { sql } from 'kysely';
import { among, insertable } from '../many.ts';
import { speaksPostgres } from '../postgres/dialect.ts';
import type { Store } from '../tables.ts';
import type { UnrecordedReason } from '../tables/recorded.ts';
import { inTransaction } from '../transaction.ts';
import { type RecordedBounds, displace } from './displace.ts';

/** The ID of the caller of requests without a token. */
export const anonymousCallerId = 'anonymous';

/** An operation without its literals. */
export interface StoredShape {
  readonly id: string;
  readonly operationName: string | null;
  readonly document: string;
}

/** What is known of a caller with a token, as HMACs. */
export interface StoredCaller {
  readonly id: string;
  readonly keyName: string;
  readonly facts: string;
}

/** Equal requests of one window. */
export interface CountedRequests {
  readonly shape: StoredShape;
  /** Null: without a token. */
  readonly caller: StoredCaller | null;
  /** Null: the caller has no token, or the token names no client. */
  readonly clientId: string | null;
  readonly count: number;
}

/** The requests that are written together. */
export interface RequestBatch {
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly requests: readonly CountedRequests[];
  readonly unrecorded: ReadonlyMap<UnrecordedReason, number>;
}

/**
 * Adds requests to the recorded ones, in one transaction. Then deletes rows beyond the bounds, and counts their requests as
 * not recorded. One process writes at a time.
 */
export async function writeRecordedRequests(store: Store, batch: RequestBatch, bounds: RecordedBounds): Promise<void> {
  await inTransaction(store, async (transaction) => {
    await lockWriters(transaction);
    const { day, requests } = batch;
    await addMissing(
      transaction,
      'recorded_shapes',
      new Map(requests.map(({ shape }) => [shape.id, shape])),
      (shape) => ({
        id: shape.id,
        operation_name: shape.operationName,
        document: shape.document,
      }),
    );
    const callers = requests.flatMap(({ caller }) => (caller ? [[caller.id, caller] as const] : []));
    await addMissing(transaction, 'recorded_callers', new Map(callers), ({ id, keyName, facts }) => ({
      id,
      key_name: keyName,
      facts,
    }));
    const rows = requests.map(({ shape, caller, clientId, count }) => ({
      day,
      shape_id: shape.id,
      caller_id: caller?.id ?? anonymousCallerId,
      client_id: clientId ?? '',
      count,
      bytes: rowBytes + Buffer.byteLength(clientId ?? '') + shape.document.length + (caller?.facts.length ?? 0),
    }));
    for (const some of insertable(rows)) {
      await transaction
        .insertInto('recorded_requests')
        .values(some)
        .onConflict((conflict) =>
          conflict
            .columns(['day', 'shape_id', 'caller_id', 'client_id'])
            .doUpdateSet((eb) => ({ count: eb('recorded_requests.count', '+', eb.ref('excluded.count')) })),
        )
        .execute();
    }
    const displaced = await displace(transaction, bounds);
    await addUnrecorded(transaction, day, new Map([...batch.unrecorded, ['displaced', displaced]]));
  });
}

/** The size of a row without its shape and its caller. */
const rowBytes = 200;

/** The ID of the lock that one writer of recorded requests holds until its transaction ends. */
const lockId = 3_853_314_791_062_309_122n;

/** Waits for other writers. A shape that this transaction needs is then not deleted by another one. */
export async function lockWriters(transaction: Store): Promise<void> {
  if (speaksPostgres(transaction)) await sql`select pg_advisory_xact_lock(${sql.lit(lockId)})`.execute(transaction);
}

async function addMissing<Item>(
  transaction: Store,
  table: 'recorded_shapes' | 'recorded_callers',
  items: ReadonlyMap<string, Item>,
  rowOf: (item: Item) => { readonly id: string },
): Promise<void> {
  if (items.size === 0) return;
  const stored = await transaction
    .selectFrom(table)
    .select('id')
    .where(among(transaction, 'id', [...items.keys()]))
    .execute();
  const known = new Set(stored.map(({ id }) => id));
  const rows = [...items].flatMap(([id, item]) => (known.has(id) ? [] : [rowOf(item)]));
  for (const some of insertable(rows)) {
    await transaction.insertInto(table).values(some).execute();
  }
}

async function addUnrecorded(
  transaction: Store,
  day: number,
  counts: ReadonlyMap<UnrecordedReason, number>,
): Promise<void> {
  const rows = [...counts].flatMap(([reason, count]) => (count > 0 ? [{ day, reason, count }] : []));
  if (rows.length === 0) return;
  await transaction
    .insertInto('unrecorded_requests')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['day', 'reason'])
        .doUpdateSet((eb) => ({ count: eb('unrecorded_requests.count', '+', eb.ref('excluded.count')) })),
    )
    .execute();
}

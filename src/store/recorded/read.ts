import type { Store } from '../tables.ts';
import type { UnrecordedReason } from '../tables/recorded.ts';
import { anonymousCallerId, type StoredCaller, type StoredShape } from './write.ts';

/** Equal requests of one day. */
export interface StoredRequests {
  readonly day: number;
  readonly shapeId: string;
  /** Null: without a token. */
  readonly callerId: string | null;
  /** Null: the caller has no token, or the token names no client. */
  readonly clientId: string | null;
  readonly count: number;
}

/** All recorded requests. */
export interface RecordedRequests {
  readonly requests: readonly StoredRequests[];
  readonly shapes: ReadonlyMap<string, StoredShape>;
  readonly callers: ReadonlyMap<string, StoredCaller>;
  readonly unrecorded: ReadonlyMap<UnrecordedReason, number>;
}

/** Reads all recorded requests, as they are at one time. Their number is bounded. */
export async function readRecordedRequests(store: Store): Promise<RecordedRequests> {
  // Rows first: a shape or a caller that is deleted meanwhile has no row afterwards, and is then missing in the result.
  const requests = await store
    .selectFrom('recorded_requests')
    .select(['day', 'shape_id', 'caller_id', 'client_id', 'count'])
    .orderBy('day')
    .orderBy('shape_id')
    .orderBy('caller_id')
    .orderBy('client_id')
    .execute();
  const shapes = await store.selectFrom('recorded_shapes').selectAll().execute();
  const callers = await store.selectFrom('recorded_callers').selectAll().execute();
  const lost = await store
    .selectFrom('unrecorded_requests')
    .select((eb) => ['reason', eb.fn.sum<number | string>('count').as('count')])
    .groupBy('reason')
    .orderBy('reason')
    .execute();
  return {
    requests: requests.map((row) => ({
      day: row.day,
      shapeId: row.shape_id,
      callerId: row.caller_id === anonymousCallerId ? null : row.caller_id,
      clientId: row.client_id === '' ? null : row.client_id,
      count: row.count,
    })),
    shapes: new Map(
      shapes.map(({ id, operation_name: operationName, document }) => [id, { id, operationName, document }]),
    ),
    callers: new Map(callers.map(({ id, key_name: keyName, facts }) => [id, { id, keyName, facts }])),
    unrecorded: new Map(lost.map(({ reason, count }) => [reason, Number(count)])),
  };
}

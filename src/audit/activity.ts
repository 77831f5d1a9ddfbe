import { type RawBuilder, sql } from 'kysely';
import type { Store } from '../store/tables.ts';
import type { AuditType } from './event-types.ts';
import { type AuditFilter, filtered } from './trail.ts';

/** A range of time that is divided into parts of equal length. */
export interface ActivityRange {
  /** The beginning, in milliseconds since the epoch. Events at this time belong to the range. */
  readonly since: number;
  /** The end, in milliseconds since the epoch. Events at this time do not belong to the range. */
  readonly until: number;
  /** How many parts the range has. */
  readonly buckets: number;
  /** The number of the newest event that counts (`latestAuditEvent`). Later events do not belong to the range. */
  readonly latest: number;
}

/** How often events of one type happened. */
export interface TypeActivity {
  readonly type: AuditType;
  /** The sum over the range. */
  readonly total: number;
  /** The sum for each part of the range, in order. */
  readonly counts: readonly number[];
}

/** A member of events by which they can be counted. */
export type ActivityMember = 'coordinate' | 'rule' | 'client';

/** How often events of one type have one value of a member. */
export interface MemberActivity {
  readonly type: AuditType;
  readonly value: string;
  readonly count: number;
}

/** The column of each member. */
const columns = { coordinate: 'coordinate', rule: 'rule', client: 'client_id' } as const;

/** Returns the length of the parts of a range, in milliseconds. The last part may end after the range. */
export function bucketMs({ since, until, buckets }: Omit<ActivityRange, 'latest'>): number {
  return Math.max(1, Math.ceil((until - since) / buckets));
}

/**
 * Counts the events of each type in each part of a range, with one statement. Types without an event are absent. The
 * types are in order of their names. An event counts at the time of its last occurrence.
 */
export async function countByTime(store: Store, filter: AuditFilter, range: ActivityRange): Promise<TypeActivity[]> {
  // The drivers send numbers as fractions. Without the conversion, the quotient would be a fraction too.
  const bucket = sql<number>`(at - ${integer(range.since)}) / ${integer(bucketMs(range))}`;
  const rows = await within(store, filter, range)
    .select(({ fn }) => ['type', bucket.as('bucket'), fn.sum<number>('count').as('sum')])
    // A number is the position of a selected column. PostgreSQL would not recognise a repeated expression.
    .groupBy([sql`1`, sql`2`])
    .orderBy('type')
    .execute();
  const types = new Map<string, number[]>();
  for (const { type, bucket: index, sum } of rows) {
    const counts = types.get(type) ?? Array.from({ length: range.buckets }, () => 0);
    types.set(type, counts);
    counts[index] = sum;
  }
  return [...types].map(([type, counts]) => ({
    // Only addAuditEvents writes this column.
    type: type as AuditType,
    total: counts.reduce((sum, count) => sum + count, 0),
    counts,
  }));
}

/**
 * Returns the most frequent values of a member for each type, most frequent first, with one statement. Events without a
 * value are not counted.
 *
 * @param most - the largest number of values for each type
 */
export async function mostFrequent(
  store: Store,
  filter: AuditFilter,
  range: ActivityRange,
  member: ActivityMember,
  most: number,
): Promise<MemberActivity[]> {
  const column = columns[member];
  const sums = within(store, filter, range)
    .where(column, 'is not', null)
    .select((eb) => ['type', eb.ref(column).as('value'), eb.fn.sum<number>('count').as('sum')])
    .groupBy(['type', column])
    .as('sums');
  const ranked = store
    .selectFrom(sums)
    .select(({ fn }) => [
      'type',
      'value',
      'sum',
      fn
        .agg<number>('row_number')
        .over((over) => over.partitionBy('type').orderBy('sum', 'desc').orderBy('value'))
        .as('place'),
    ])
    .as('ranked');
  const rows = await store
    .selectFrom(ranked)
    .select(['type', 'value', 'sum'])
    .where('place', '<=', most)
    .orderBy('type')
    .orderBy('place')
    .execute();
  return rows.map(({ type, value, sum }) => ({
    type: type as AuditType,
    value: value ?? '',
    count: sum,
  }));
}

function within(store: Store, filter: AuditFilter, { since, until, latest }: ActivityRange) {
  return (
    filtered(store, filter)
      .where('at', '>=', since)
      .where('at', '<', until)
      // With the sign, no database chooses the index of this column.
      .where(sql<number>`+ sequence`, '<=', latest)
  );
}

function integer(value: number): RawBuilder<number> {
  return sql<number>`cast(${value} as bigint)`;
}

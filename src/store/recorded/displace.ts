import { sql } from 'kysely';
import type { Store } from '../tables.ts';

/** The bounds of the recorded requests. One client, and all callers without a token together, have at most a half of each. */
export interface RecordedBounds {
  /** The largest number of rows. */
  readonly maxRows: number;
  /** The largest size of all rows, with their shapes and callers, in bytes. */
  readonly maxBytes: number;
}

/**
 * Deletes the rows beyond the bounds, first those with the fewest requests, and the shapes and callers without a row.
 *
 * @returns how many requests the deleted rows counted
 */
export async function displace(transaction: Store, { maxRows, maxBytes }: RecordedBounds): Promise<number> {
  const { rows, bytes } = await transaction
    .selectFrom('recorded_requests')
    .select((eb) => [eb.fn.countAll<number>().as('rows'), eb.fn.sum<number | string | null>('bytes').as('bytes')])
    .executeTakeFirstOrThrow();
  const share = { rows: Math.ceil(maxRows / 2), bytes: Math.ceil(maxBytes / 2) };
  if (rows <= share.rows && Number(bytes) <= share.bytes) return 0;
  // Each client has its place among its own rows. Therefore no client displaces the rows of all others.
  const beyondShare = sql`place_of_client > ${share.rows} or total_of_client > ${share.bytes}`;
  const ofClients = await deleteWhere(transaction, beyondShare);
  const others = await deleteWhere(transaction, sql`place > ${maxRows} or total > ${maxBytes}`);
  if (ofClients + others > 0) await deleteUnused(transaction);
  return ofClients + others;
}

async function deleteWhere(transaction: Store, condition: ReturnType<typeof sql>): Promise<number> {
  const rank = sql`count desc, day desc, shape_id, caller_id, client_id`;
  const client = sql`client_id, case when caller_id = 'anonymous' then 1 else 0 end`;
  const { rows } = await sql<{ count: number }>`
    delete from recorded_requests where (day, shape_id, caller_id, client_id) in (
      select day, shape_id, caller_id, client_id from (
        select day, shape_id, caller_id, client_id,
          row_number() over (partition by ${client} order by ${rank}) as place_of_client,
          sum(bytes) over (partition by ${client} order by ${rank} rows unbounded preceding) as total_of_client,
          row_number() over (order by ${rank}) as place,
          sum(bytes) over (order by ${rank} rows unbounded preceding) as total
        from recorded_requests
      ) as ranked where ${condition}
    ) returning count`.execute(transaction);
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** Deletes the shapes and callers that no row needs. */
export async function deleteUnused(transaction: Store): Promise<void> {
  await sql`delete from recorded_shapes where not exists (
    select 1 from recorded_requests where recorded_requests.shape_id = recorded_shapes.id)`.execute(transaction);
  await sql`delete from recorded_callers where not exists (
    select 1 from recorded_requests where recorded_requests.caller_id = recorded_callers.id)`.execute(transaction);
}

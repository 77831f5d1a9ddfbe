import type { Store } from './tables.ts';

/** A permission for work that only one process on a database may do at a time. */
export interface Lease {
  readonly name: string;
  /** The name of this process, which no other process has. */
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long the lease is valid. If its holder stops, the other processes wait until the lease has expired. */
  readonly durationMs: number;
}

/**
 * Takes or extends a lease. @returns whether this holder has the lease. If so, no other holder gets it before it
 * expires
 */
export async function takeLease(store: Store, { name, holder, now, durationMs }: Lease): Promise<boolean> {
  const taken = { holder, until: now + durationMs };
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('leases')
    .values({ name, ...taken })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet(taken)
        .where((eb) => eb.or([eb('leases.until', '<=', now), eb('leases.holder', '=', holder)])),
    )
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

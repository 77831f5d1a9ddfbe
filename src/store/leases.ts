import type { Store } from './tables.ts';

/** Work that one process of all on a database does at a time. */
export interface Lease {
  readonly name: string;
  /** Who wants it: a name that no other process has. */
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** For how long, in milliseconds: whoever dies with it keeps the others from it for that time. */
  readonly duration: number;
}

/** Takes a piece of work, or keeps it. @returns whether this holder has it; then no other has, until it runs out */
export async function takeLease(store: Store, { name, holder, now, duration }: Lease): Promise<boolean> {
  const taken = { holder, until: now + duration };
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

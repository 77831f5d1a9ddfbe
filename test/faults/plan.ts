import type { Random } from '../fuzz/random.ts';

/** A fault. `at`: milliseconds since the start. `for`: how long it lasts, in milliseconds. */
export type Fault = { readonly at: number } & (
  | { readonly is: 'replica killed'; readonly replica: number }
  | { readonly is: 'grants revoked'; readonly count: number }
  | { readonly is: 'role lost' | 'keys rotated' }
  | { readonly is: DatabaseFault; readonly for: number }
);

/** A fault of a PostgreSQL server or of the connection to it. */
export type DatabaseFault = 'database killed' | 'database stopped' | 'line stalled' | 'line refused';

/** The installation that a plan is made for. */
export interface Stage {
  /** The length of the run, in milliseconds. */
  readonly duration: number;
  readonly replicas: number;
  /** The faults that are possible for this database. A file has none. */
  readonly databaseFaults: readonly DatabaseFault[];
}

/** The time without faults at the start and at the end, in milliseconds. */
const quiet = 3_000;

/**
 * Plans the faults of a run, in order. One seed always gives the same plan. The database has at most one fault at a
 * time, and none for at least half of the time.
 */
export function planFaults(random: Random, { duration, replicas, databaseFaults }: Stage): Fault[] {
  const faults: Fault[] = [];
  const end = duration - quiet;
  for (let at = quiet; at < end; at += 2_000 + random.below(6_000)) {
    faults.push({ at, is: 'replica killed', replica: random.below(replicas) });
  }
  for (let at = quiet; at < end; at += 1_000 + random.below(2_000)) {
    faults.push({ at, is: 'grants revoked', count: 1 + random.below(3) });
  }
  for (let at = quiet + random.below(5_000); at < end; at += 10_000 + random.below(10_000)) {
    faults.push({ at, is: 'role lost' });
  }
  for (let at = quiet + random.below(8_000); at < end; at += 15_000 + random.below(15_000)) {
    faults.push({ at, is: 'keys rotated' });
  }
  if (databaseFaults.length > 0) {
    for (let at = quiet + 2_000; ; ) {
      const lasts = 1_000 + random.below(4_000);
      if (at + lasts > end) break;
      faults.push({ at, is: random.pick(databaseFaults), for: lasts });
      at += lasts + 5_000 + random.below(5_000);
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

import type { Random } from '../fuzz/random.ts';

/** What goes wrong at a moment, in milliseconds since the start; `for`: how long it lasts. */
export type Fault = { readonly at: number } & (
  | { readonly is: 'replica killed'; readonly replica: number }
  | { readonly is: 'grants revoked'; readonly count: number }
  | { readonly is: 'role lost' | 'keys rotated' }
  | { readonly is: DatabaseFault; readonly for: number }
);

/** What may befall a PostgreSQL. */
export type DatabaseFault = 'database killed' | 'database stopped' | 'line stalled' | 'line refused';

/** What a plan is made for. */
export interface Stage {
  /** Milliseconds. */
  readonly duration: number;
  readonly replicas: number;
  /** What may befall the database; none of a file. */
  readonly databaseFaults: readonly DatabaseFault[];
}

/** Before the first fault, and after the last one is over: milliseconds. */
const quiet = 3_000;

/** The faults of a run, in order: the same for the same seed. The database has one trouble at a time, at most half of the time. */
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

import { spreadOf } from '../spread.ts';
import type { Contender } from './contenders.ts';
import type { Round } from './load.ts';
import type { Workload } from './workloads.ts';

/** What one contender did on one workload. */
export interface ContenderResult extends Pick<Contender, 'name' | 'is'> {
  readonly bootMs: number;
  readonly residentMiB: number;
  /** Whether its data differs from the data that GraphQL defines. */
  readonly otherData: boolean;
  readonly rounds: readonly Round[];
}

/** What all contenders did on one workload. */
export interface Results {
  readonly workload: Workload;
  readonly contenders: readonly ContenderResult[];
}

/** The requests a second of a round. */
export const rate = ({ requestsPerSecond }: Round): number => requestsPerSecond;

/** The peer with the greatest median rate. */
export function bestPeer({ contenders }: Results): ContenderResult | undefined {
  const median = ({ rounds }: ContenderResult): number => spreadOf(rounds.map(rate)).median;
  return contenders.filter(({ is }) => is === 'peer').toSorted((one, other) => median(other) - median(one))[0];
}

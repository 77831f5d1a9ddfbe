import { spreadOf } from '../spread.ts';
import type { Contender } from './contenders.ts';
import { type Round, saturatedFrom } from './load.ts';
import type { Workload } from './workloads.ts';

/** What one contender did on one workload. */
export interface ContenderResult extends Pick<Contender, 'name' | 'is'> {
  /** Whether its data differs from the data that GraphQL defines. */
  readonly otherData: boolean;
  readonly rounds: readonly Round[];
}

/** Two adjacent rounds of Claimgate: with the rules, and with the same schema all public. */
export interface PairedRounds {
  readonly on: Round;
  readonly off: Round;
}

/** What all contenders did on one workload. */
export interface Results {
  readonly workload: Workload;
  readonly contenders: readonly ContenderResult[];
  readonly pairs: readonly PairedRounds[];
}

/** The requests a second of a round. */
export const rate = ({ requestsPerSecond }: Round): number => requestsPerSecond;
/** The processor time per request of a round. */
export const cpu = ({ cpuMicrosecondsPerRequest }: Round): number => cpuMicrosecondsPerRequest;

/** Whether the server limited the rate in every round, and no other program used its processor. */
export function isSaturated(rounds: readonly Round[]): boolean {
  return rounds.every(({ busyShare, ranShare }) => busyShare >= saturatedFrom && ranShare >= saturatedFrom);
}

/** The peer with the least median of processor time per request. */
export function bestPeer({ contenders }: Results): ContenderResult | undefined {
  const median = ({ rounds }: ContenderResult): number => spreadOf(rounds.map(cpu)).median;
  return contenders.filter(({ is }) => is === 'peer').toSorted((one, other) => median(one) - median(other))[0];
}

/** The ratios of the rounds with the same number. */
export function ratios(one: readonly Round[], to: readonly Round[], of: (round: Round) => number): readonly number[] {
  return one.flatMap((round, index) => (to[index] ? [of(round) / of(to[index])] : []));
}

/**
 * The ratios of the throughput of two contenders. They are ratios of requests a second if both servers were saturated.
 * Otherwise they are ratios of processor time per request.
 */
export function throughput(
  one: readonly Round[],
  to: readonly Round[],
): { readonly ratios: readonly number[]; readonly by: 'rate' | 'cpu' } {
  if (isSaturated(one) && isSaturated(to)) return { ratios: ratios(one, to, rate), by: 'rate' };
  return { ratios: ratios(to, one, cpu), by: 'cpu' };
}

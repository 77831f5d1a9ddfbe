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

/** What a server did in a part of a run. */
export type Share = Pick<Round, 'requestsPerSecond' | 'cpuMicrosecondsPerRequest' | 'busyShare' | 'ranShare'>;

/** What all contenders did on one workload. */
export interface Results {
  readonly workload: Workload;
  readonly contenders: readonly ContenderResult[];
}

/** The requests a second of a round. */
export const rate = ({ requestsPerSecond }: Share): number => requestsPerSecond;
/** The processor time per request of a round. */
export const cpu = ({ cpuMicrosecondsPerRequest }: Share): number => cpuMicrosecondsPerRequest;

/** Whether the server limited the rate in every round, and no other program used its processor. */
export function isSaturated(rounds: readonly Share[]): boolean {
  return rounds.every(({ busyShare, ranShare }) => busyShare >= saturatedFrom && ranShare >= saturatedFrom);
}

/** The peer with the least median of processor time per request. */
export function bestPeer({ contenders }: Results): ContenderResult | undefined {
  const median = ({ rounds }: ContenderResult): number => spreadOf(rounds.map(cpu)).median;
  return contenders.filter(({ is }) => is === 'peer').toSorted((one, other) => median(one) - median(other))[0];
}

/** The ratios of the rounds with the same number. */
export function ratios(one: readonly Share[], to: readonly Share[], of: (round: Share) => number): readonly number[] {
  return one.flatMap((round, index) => (to[index] ? [of(round) / of(to[index])] : []));
}

/**
 * The ratios of the throughput of two contenders. They are ratios of requests a second if both servers were saturated.
 * Otherwise they are ratios of processor time per request.
 */
export function throughput(
  one: readonly Share[],
  to: readonly Share[],
): { readonly ratios: readonly number[]; readonly by: 'rate' | 'cpu' } {
  if (isSaturated(one) && isSaturated(to)) return { ratios: ratios(one, to, rate), by: 'rate' };
  return { ratios: ratios(to, one, cpu), by: 'cpu' };
}

/** Joins slices of the same length to one round. */
export function together(slices: readonly Share[]): Share {
  const sum = (of: (slice: Share) => number): number => slices.reduce((all, slice) => all + of(slice), 0);
  const requests = sum(rate);
  return {
    requestsPerSecond: requests / slices.length,
    cpuMicrosecondsPerRequest: sum((slice) => cpu(slice) * rate(slice)) / requests,
    busyShare: sum(({ busyShare }) => busyShare) / slices.length,
    ranShare: sum(({ ranShare }) => ranShare) / slices.length,
  };
}

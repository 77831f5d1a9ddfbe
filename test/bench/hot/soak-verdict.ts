import { spreadOf } from '../spread.ts';
import type { MemoryUse } from './live.ts';

/** What one window of a long load showed. */
export interface SoakWindow {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentMiB: number;
  /** The share of the window in which the server ran. */
  readonly ranShare: number;
}

/** The memory of one minute of a long load. */
export interface SoakMinute extends Pick<MemoryUse, 'residentAfterMiB' | 'liveMiB'> {
  /** The greatest resident memory under load. */
  readonly peakMiB: number;
}

/** What a long load showed. */
export interface SoakResult {
  readonly windows: readonly SoakWindow[];
  readonly minutes: readonly SoakMinute[];
  /** How often each kind of error happened. */
  readonly errors: ReadonlyMap<string, number>;
}

/** One criterion of a long load. */
export interface Criterion {
  readonly passed: boolean;
  /** What was compared, with its figures and the bound. */
  readonly line: string;
}

/** The least minutes of a long load: its last two quarters are compared, and what is live is measured once a minute. */
export const leastMinutes = 4;

/** By how much a median of the second half may exceed a median of the first half. */
const steadyFactor = 1.25;
/** By how much the memory may grow within the second half. */
const growthFactor = 1.05;

/**
 * Judges a long load. p99 is steady if its median in the second half is at most 1.25 of its median in the first half.
 * The second half did not grow if the medians of memory in the last quarter are at most 1.05 of those in the quarter
 * before. Memory is judged by minutes, because resident memory rises from one forced collection of garbage to the next.
 */
export function judgeSoak({ windows, minutes, errors }: SoakResult): {
  readonly passed: boolean;
  readonly lines: readonly string[];
} {
  const p99 = windows.map(({ p99Ms }) => p99Ms);
  const half = Math.floor(p99.length / 2);
  const count = [...errors.values()].reduce((sum, one) => sum + one, 0);
  const kinds = [...errors].map(([what, times]) => `${times} times ${what}`).join(', ');
  const all = [
    compare('p99 of W1, first and second half', 'ms', steadyFactor, p99.slice(0, half), p99.slice(half)),
    judgeGrowth(
      'peak of resident memory',
      minutes.map(({ peakMiB }) => peakMiB),
    ),
    judgeGrowth(
      'resident memory after a collection of garbage',
      minutes.map(({ residentAfterMiB }) => residentAfterMiB),
    ),
    judgeGrowth(
      'live memory',
      minutes.map(({ liveMiB }) => liveMiB),
    ),
    { passed: count === 0, line: `errors: ${count === 0 ? 'none' : kinds}` },
  ];
  return {
    passed: all.every(({ passed }) => passed),
    lines: all.map(({ passed, line }) => `${passed ? 'passed' : 'FAILED'}: ${line}`),
  };
}

/** Judges whether memory grew in the second half: the median of the last quarter is at most 1.05 of the one before. */
export function judgeGrowth(what: string, seenMiB: readonly number[]): Criterion {
  const half = Math.floor(seenMiB.length / 2);
  const quarter = Math.floor((3 * seenMiB.length) / 4);
  return compare(
    `${what}, third and last quarter`,
    'MiB',
    growthFactor,
    seenMiB.slice(half, quarter),
    seenMiB.slice(quarter),
  );
}

function compare(
  what: string,
  unit: string,
  factor: number,
  before: readonly number[],
  after: readonly number[],
): Criterion {
  if (before.length === 0 || after.length === 0) return { passed: false, line: `${what}: the load was too short` };
  const [first, then] = [spreadOf(before).median, spreadOf(after).median];
  // The comparison is false for NaN.
  return {
    passed: then <= first * factor,
    line: `${what}: ${first.toFixed(2)} ${unit}, then ${then.toFixed(2)} ${unit} (at most ${factor} times as much)`,
  };
}

import { spreadOf } from '../spread.ts';
import type { MemoryUse } from './memory.ts';

/** What one window of a long load showed. */
export interface SoakSample extends MemoryUse {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The share of the window in which the server ran. */
  readonly ranShare: number;
}

/** By how much a median of the second half may exceed a median of the first half. */
const steadyFactor = 1.25;
/** By how much the memory may grow within the second half. */
const growthFactor = 1.05;

/**
 * Judges a long load. p99 is steady if its median in the second half is at most 1.25 of its median in the first half.
 * The second half did not grow if the medians of memory in the last quarter are at most 1.05 of those in the quarter
 * before.
 *
 * @param errors - how often each kind of error happened
 */
export function judgeSoak(
  samples: readonly SoakSample[],
  errors: ReadonlyMap<string, number>,
): { readonly passed: boolean; readonly lines: readonly string[] } {
  const half = Math.floor(samples.length / 2);
  const quarter = Math.floor((3 * samples.length) / 4);
  const median = (from: number, to: number, of: (sample: SoakSample) => number): number =>
    spreadOf(samples.slice(from, to).map(of)).median;
  const compare = (what: string, unit: string, factor: number, before: number, after: number) => ({
    // The comparison is false for NaN, so a run that is too short does not pass.
    passed: after <= before * factor,
    line: `${what}: ${before.toFixed(2)} ${unit}, then ${after.toFixed(2)} ${unit} (at most ${factor} times as much)`,
  });
  const judged = [
    compare(
      'p99 of W1, first and second half',
      'ms',
      steadyFactor,
      median(0, half, ({ p99Ms }) => p99Ms),
      median(half, samples.length, ({ p99Ms }) => p99Ms),
    ),
    ...(['residentMiB', 'heapMiB'] as const).map((member) =>
      compare(
        `${member === 'residentMiB' ? 'resident memory' : 'heap in use'}, third and last quarter`,
        'MiB',
        growthFactor,
        median(half, quarter, (sample) => sample[member]),
        median(quarter, samples.length, (sample) => sample[member]),
      ),
    ),
  ];
  const count = [...errors.values()].reduce((sum, one) => sum + one, 0);
  const kinds = [...errors].map(([what, times]) => `${times} times ${what}`).join(', ');
  const all = [...judged, { passed: count === 0, line: `errors: ${count === 0 ? 'none' : kinds}` }];
  return {
    passed: all.every(({ passed }) => passed),
    lines: all.map(({ passed, line }) => `${passed ? 'passed' : 'FAILED'}: ${line}`),
  };
}

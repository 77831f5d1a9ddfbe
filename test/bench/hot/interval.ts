/** An estimate with its 95 % interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Estimates a ratio from pairs of rounds. The rounds of a pair are adjacent, and the order alternates, so a slow change
 * of the machine cancels out. The interval is Student's t interval of the logarithms of the ratios, at 95 %.
 *
 * @param ratios - one ratio for each pair, at least 2
 */
export function ratioInterval(ratios: readonly number[]): Interval {
  const logs = ratios.map(Math.log);
  const count = logs.length;
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1);
  const half = studentT975(count - 1) * Math.sqrt(variance / count);
  return { estimate: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/**
 * The 97.5 % quantile of Student's t distribution, by the expansion of Cornish and Fisher (Abramowitz and Stegun
 * 26.7.5). It is correct to 0.01 from 4 degrees of freedom on.
 */
export function studentT975(degrees: number): number {
  const z = 1.959_963_984_54;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1_482 * z ** 5 - 1_920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}

/** Formats an interval, for example as `0.99 (0.97–1.01)`. */
export function showInterval({ estimate, low, high }: Interval): string {
  return `${estimate.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

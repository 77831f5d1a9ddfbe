import type { RawAnswer } from './client.ts';

/** One request, and what is compared with the answers of the other server. */
export interface Observed extends RawAnswer {
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** What ran, as the options `takeRuns` returns it. */
  readonly runs: readonly string[];
}

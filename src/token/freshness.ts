/** For how long keys are good, each in milliseconds since they were fetched. */
export interface Lifespan {
  /** From then on they are fetched anew, ahead of time, while they are used. */
  readonly refreshAfter: number;
  /** From then on nobody uses them before the issuer was asked. */
  readonly maxAge: number;
  /** From then on nobody uses them at all. */
  readonly staleFor: number;
}

export type Freshness =
  | 'fresh'
  /** Good, and time to fetch new ones. */
  | 'due'
  /** Good only while the issuer cannot be asked. */
  | 'old'
  | 'expired';

/**
 * Says what keys of an age are good for.
 *
 * @param age - in milliseconds
 */
export function freshnessOf(age: number, { refreshAfter, maxAge, staleFor }: Lifespan): Freshness {
  if (!(age < staleFor)) return 'expired';
  if (age >= maxAge) return 'old';
  return age >= refreshAfter ? 'due' : 'fresh';
}

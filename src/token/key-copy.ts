import type { Lifespan } from './freshness.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyCopies } from './ports.ts';
import { inTime } from '../protocol/deadline.ts';

/** How far the clocks of replicas may be apart, in milliseconds. */
const skew = 5 * 60_000;

export interface RecallOptions extends Pick<Lifespan, 'staleFor'> {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long reading the copy may take, in milliseconds. */
  readonly timeLimit: number;
}

/**
 * Reads the last keys that were had of an issuer, by this process or another.
 *
 * Whoever can write the copies can sign tokens: they are as good as the database they are in.
 *
 * @returns null where there are none that may still be used; those from the future may not
 * @throws what reading threw, or Error where it took too long
 */
export async function recallKeys(
  copies: KeyCopies,
  issuer: string,
  { now, staleFor, timeLimit }: RecallOptions,
): Promise<{ readonly set: KeySet; readonly fetchedAt: number } | null> {
  const copy = await inTime(copies.load(issuer), timeLimit);
  if (!copy) return null;
  const age = now - copy.fetchedAt;
  if (!(age > -skew && age < staleFor)) return null;
  const set = readKeySet(copy.keySet.keys);
  return set.jwks.length > 0 ? { set, fetchedAt: copy.fetchedAt } : null;
}

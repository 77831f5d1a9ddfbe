import { inTime } from '../protocol/deadline.ts';
import type { Loaded } from './kept.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyCopies } from './ports.ts';

/** How far the clocks of replicas may be apart, in milliseconds. */
const skew = 5 * 60_000;

export interface RecallOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How old a copy may be, in milliseconds. */
  readonly staleFor: number;
  /** How long reading the copy may take, in milliseconds. */
  readonly timeLimit: number;
}

/**
 * Reads the last keys that were fetched of an issuer, by this process or another.
 *
 * A party that can write the copies can sign tokens: they are as trustworthy as the database that holds them.
 *
 * @returns null where there is no copy that may be used: none at all, one that is too old, one from the future, one without a key
 * @throws what reading threw, or Error where it took too long
 */
export async function recallKeys(
  copies: KeyCopies,
  issuer: string,
  { now, staleFor, timeLimit }: RecallOptions,
): Promise<Loaded<KeySet> | null> {
  const copy = await inTime(copies.load(issuer), timeLimit);
  if (!copy) return null;
  const age = now - copy.fetchedAt;
  if (!(age > -skew && age < staleFor)) return null;
  const value = readKeySet(copy.keySet.keys);
  return value.jwks.length > 0 ? { value, at: copy.fetchedAt } : null;
}

import { inTime } from '../protocol/deadline.ts';
import type { Loaded } from './kept.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyCopies } from './ports.ts';

/** How far the clocks of replicas may differ. */
const maxClockSkewMs = 5 * 60_000;

export interface RecallOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How old a copy may be, in milliseconds. */
  readonly staleFor: number;
  /** How long reading the copy may take, in milliseconds. */
  readonly timeLimit: number;
}

/**
 * Reads the stored copy of an issuer's keys. This process or another process fetched them.
 *
 * Trusts the copies as much as the database. A party that can write a copy can add its own key and sign tokens with it.
 *
 * @returns null if no copy is usable: none is stored, or it is too old, from the future, or without a key
 * @throws the error of reading, or Error after the time limit
 */
export async function recallKeys(
  copies: KeyCopies,
  issuer: string,
  { now, staleFor, timeLimit }: RecallOptions,
): Promise<Loaded<KeySet> | null> {
  const copy = await inTime(copies.load(issuer), timeLimit);
  if (!copy) return null;
  const age = now - copy.fetchedAt;
  if (!(age > -maxClockSkewMs && age < staleFor)) return null;
  const value = readKeySet(copy.keySet.keys);
  return value.jwks.length > 0 ? { value, at: copy.fetchedAt } : null;
}

import { inTime } from '../protocol/deadline.ts';
import type { LoadedValue } from './kept.ts';
import { type KeySet, readKeySet } from './key-set.ts';
import type { KeyCopies } from './ports.ts';

/** The largest accepted difference between the clocks of replicas. */
const maxClockSkewMs = 5 * 60_000;

export interface RecallOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The largest accepted age of a copy, in milliseconds. */
  readonly staleForMs: number;
  /** The time limit for the read of the copy, in milliseconds. */
  readonly timeLimitMs: number;
}

/**
 * Reads the stored copy of an issuer's keys. Another process may have stored it.
 *
 * The copy is trusted. A party that can write to the store can add its own key, and can then sign tokens.
 *
 * @returns null if there is no copy, or the copy is too old, is from the future or has no key
 * @throws the error of `copies.load`, or Error after the time limit
 */
export async function recallKeys(
  copies: KeyCopies,
  issuer: string,
  { now, staleForMs, timeLimitMs }: RecallOptions,
): Promise<LoadedValue<KeySet> | null> {
  const copy = await inTime(copies.load(issuer), timeLimitMs);
  if (!copy) return null;
  const age = now - copy.fetchedAt;
  if (!(age > -maxClockSkewMs && age < staleForMs)) return null;
  const value = readKeySet(copy.keySet.keys);
  return value.jwks.length > 0 ? { value, at: copy.fetchedAt } : null;
}

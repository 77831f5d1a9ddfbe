import type { CacheBound } from '../../protocol/cache-bound.ts';

/** The structures of this folder that requests can make grow, with their bounds. They exist only if `replay` is on. */
export const replayCaches: Readonly<Record<'replayCounters' | 'replayCallers' | 'replayClaims', CacheBound>> = {
  replayCounters: {
    entries: 5_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'anyone',
    holds:
      'counts of requests that are not written yet, with 8,388,608 characters of shapes and callers; one client has at most a half of both, and callers without a token too; others are only counted; and 8,388,608 characters of the shapes of known documents, which are emptied if they are full',
  },
  replayCallers: {
    entries: 1_000,
    bytes: 16 * 1024 * 1024,
    grownBy: 'account',
    holds: 'the HMACs of kinds of callers; if it is full, it is emptied, and HMACs are made again',
  },
  replayClaims: {
    entries: 25_000,
    bytes: 32 * 1024 * 1024,
    grownBy: 'account',
    holds: '100 texts, each of at most 256 characters, of each of 250 claims; further claims are hidden',
  },
};

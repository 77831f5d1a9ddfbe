import { optionsOf } from '../../protocol/options/check-options.ts';
import { aFunction, bound, seconds, withFunctions } from '../../protocol/options/kinds.ts';
import type { Check } from '../../protocol/options/object.ts';
import type { RevocationFeed } from '../ports.ts';

/** The options of `createRevocations`. */
export interface RevocationOptions {
  /**
   * The source of the revocations of all processes. Default: no feed; the index has only the revocations that `add`
   * receives.
   */
  readonly feed?: RevocationFeed;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long the feed may fail, in seconds. After this time, no token is accepted. Default 30. */
  readonly staleAfterSeconds?: number;
  /** The largest number of stored revocations. Default 500,000. */
  readonly maxEntries?: number;
}

export const checkRevocationOptions: Check = optionsOf<RevocationOptions>(
  {
    feed: { check: withFunctions('a feed of revocations', 'since') },
    clock: { check: aFunction },
    staleAfterSeconds: { check: seconds() },
    maxEntries: { check: bound('revocations') },
  },
  { staleAfter: 'staleAfterSeconds, in seconds; it was in milliseconds', entries: 'maxEntries' },
);

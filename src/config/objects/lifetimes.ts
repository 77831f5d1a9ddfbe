import type { Lifetimes } from '../../provider/lifetimes.ts';
import type { Check, SettingsWithDefaults } from '../../protocol/options/object.ts';
import { expectsShown, isWhole } from '../../protocol/options/values.ts';

const maxGraceSeconds = 300;

const seconds = expectsShown('a whole number of seconds, 1 or more', (value) => isWhole(value, 1));

/** The check of `grace`. During the grace period, the server does not detect that a used refresh token was stolen. */
const grace: Check = function* (value, place, around) {
  if (!isWhole(value, 1)) yield* seconds(value, place, around);
  else if (value > maxGraceSeconds) {
    yield `${place}=${value}: expected ${maxGraceSeconds} seconds or less, because a theft is not detected during this time`;
  }
};

/** The keys of `lifetimes`. */
export const lifetimeSettings: SettingsWithDefaults<Lifetimes> = {
  code: { default: 60, defined: true, check: seconds },
  access: { default: 600, defined: true, check: seconds },
  refresh: { default: 14 * 24 * 60 * 60, defined: true, check: seconds },
  grace: { default: 10, defined: true, check: grace },
};

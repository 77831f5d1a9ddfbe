import { type Check, objectOf, type Settings } from '../../protocol/options/object.ts';
import { expects, expectsShown, isStrings, isWhole } from '../../protocol/options/values.ts';

/** The recording of operations for `claimgate replay`. */
export interface ReplayEntry {
  /** How many days requests are stored, 1 to 30. The present day counts as one. Default 7. */
  readonly retentionDays?: number;
  /** How many different requests are stored, 100 to 100,000. Those with the fewest requests go first. Default 10,000. */
  readonly maxRows?: number;
  /**
   * The paths of claims whose values are recorded even if more than 100 values differ, such as `[['tenant']]`. The
   * values are recorded as HMACs. Default: none.
   */
  readonly claims?: readonly (readonly string[])[];
}

/** The complete settings of the recording. */
export type ReplaySettings = Required<ReplayEntry>;

export const defaultRetentionDays = 7;

const settings: Settings<ReplayEntry> = {
  retentionDays: {
    defined: true,
    check: expectsShown('a whole number of days from 1 to 30', (value) => isWhole(value, 1, 30)),
  },
  maxRows: {
    defined: true,
    check: expectsShown('a whole number from 100 to 100000', (value) => isWhole(value, 100, 100_000)),
  },
  claims: {
    check: expects(
      'an array of at most 50 paths of claims, such as [["tenant"]]',
      (value) =>
        Array.isArray(value) && value.length <= 50 && value.every((path) => isStrings(path) && path.length > 0),
    ),
  },
};

const checkEntry = objectOf(settings, { form: 'true, false, or an object of settings' });

/** The check of `replay`. */
export const checkReplay: Check = (value, place, around) =>
  typeof value === 'boolean' ? [] : checkEntry(value, place, around);

/** Returns the complete settings. @returns null if nothing is recorded */
export function replaySettings(entry: boolean | ReplayEntry | undefined): ReplaySettings | null {
  if (entry === undefined || entry === false) return null;
  const { retentionDays = defaultRetentionDays, maxRows = 10_000, claims = [] } = entry === true ? {} : entry;
  return { retentionDays, maxRows, claims };
}

import type { AttemptLimitName } from '../../identity/attempts/limits.ts';
import type { LimitName } from '../../api/limits/limits.ts';
import type { Setting } from '../../protocol/options/object.ts';
import { expectsShown, isWhole } from '../../protocol/options/values.ts';
import { mapValues } from '../../protocol/record.ts';

/** A limit that an operator can set. */
export interface LimitKind {
  readonly default: number;
  /** The largest value of the limit. Default 1,000,000. */
  readonly max?: number;
}

/**
 * The limits that other rooms define. The caller passes them, because this room may import only types of other rooms.
 */
export interface LimitTables {
  readonly limits: Readonly<Record<LimitName, LimitKind>>;
  readonly attempts: Readonly<Record<AttemptLimitName, LimitKind>>;
}

type LimitSetting = Setting<number> & { readonly default: number };

/** How messages name a limit. */
export const limitWording = { noun: 'limit' } as const;

/**
 * Makes the table of a configuration object whose keys are limits. Each limit is a whole number from 1 to its `max`.
 */
export function limitSettings<Name extends string>(
  kinds: Readonly<Record<Name, LimitKind>>,
): Readonly<Record<Name, LimitSetting>> {
  return mapValues(kinds, ({ default: fallback, max = 1_000_000 }: LimitKind): LimitSetting => {
    const check = expectsShown(`a whole number from 1 to ${max}`, (value) => isWhole(value, 1, max));
    return { default: fallback, defined: true, check };
  });
}

import { seeded } from '../../../fuzz/random.ts';

/**
 * Choices that are read from a tape of bytes. After the end of the tape, the first choice is taken. A shorter tape of
 * smaller bytes makes a simpler case, and fast-check finds the simplest case that fails.
 */
export interface Choices {
  /** Returns one of these items. Write the simplest item first. */
  one<T>(of: readonly [T, ...T[]]): T;
  /** Returns `true` once in this many times. */
  rarely(times: number): boolean;
  /** Returns a whole number from 0 to below this. */
  below(count: number): number;
}

export function choicesOf(tape: Uint8Array): Choices {
  let at = 0;
  const below = (count: number): number => {
    const byte = tape[at] ?? 0;
    at += 1;
    return byte % count;
  };
  return {
    below,
    rarely: (times) => below(times) === times - 1,
    one: (of) => of[below(of.length)] ?? of[0],
  };
}

/** Makes any number of choices that the seed determines. */
export function randomChoices(seed: number): Choices {
  const random = seeded(seed);
  return {
    below: (count) => random.below(count),
    rarely: (times) => random.below(times) === times - 1,
    one: (of) => random.pick(of),
  };
}

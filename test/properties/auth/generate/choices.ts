/**
 * Choices that are read from a tape of bytes. After its end, the first choice is taken. So a shorter tape of smaller
 * bytes makes a simpler case, and fast-check finds the simplest case that fails.
 */
export interface Choices {
  /** One of these; write the simplest first. */
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

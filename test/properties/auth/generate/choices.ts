/**
 * Choices read off a tape of bytes, the first of each where the tape has ended: so a shorter tape of smaller bytes makes
 * something simpler, and fast-check finds the simplest that fails.
 */
export interface Choices {
  /** One of these; write the simplest first. */
  one<T>(of: readonly [T, ...T[]]): T;
  /** Whether to do something that happens once in so many times. */
  rarely(times: number): boolean;
  /** From 0 to, and without, this. */
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

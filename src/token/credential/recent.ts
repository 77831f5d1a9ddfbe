import { tokenCaches } from '../cache/bounds.ts';

/**
 * Makes a function that remembers its results for recent texts. A client sends the same header with each request, and
 * comparing a text takes a fraction of the time of reading or hashing it.
 *
 * Each text has one slot, chosen by characters near its end. A text that comes twice, with no other text of its slot in
 * between, replaces the text that had the slot. Therefore the number and the length of the remembered texts are bounded
 * for any requests of callers, and a text that comes once takes the time of `make` only.
 *
 * The comparison does not take constant time. Tokens are signed, and the difference is a few nanoseconds for each word of
 * memory, so it is not a practical way to learn a token.
 *
 * @param make - must return the same result for the same text. If it throws, nothing is remembered
 */
export function rememberRecent<Result>(make: (text: string) => Result): (text: string) => Result {
  const slots: ({ readonly text: string; readonly result: Result } | undefined)[] = Array.from({ length: slotCount });
  /**
   * Four characters of the text that came last to each slot. If they differ, no text is read from slow memory, and none
   * is replaced.
   */
  const signs = new Int32Array(slotCount);
  return (text) => {
    const { length } = text;
    if (length < minLength || length > maxLength) return make(text);
    const slot = (text.charCodeAt(length - 3) % 16) * 16 + (text.charCodeAt(length - 4) % 16);
    const sign = signOf(text, length - 8);
    if (signs[slot] === sign) {
      const known = slots[slot];
      if (known !== undefined && known.text === text) return known.result;
      const result = make(text);
      slots[slot] = { text, result };
      return result;
    }
    signs[slot] = sign;
    return make(text);
  };
}

function signOf(text: string, from: number): number {
  return (
    text.charCodeAt(from) |
    (text.charCodeAt(from + 1) << 8) |
    (text.charCodeAt(from + 2) << 16) |
    (text.charCodeAt(from + 3) << 24)
  );
}

const slotCount: number = tokenCaches.recentHeaders.entries;
/** Shorter texts are not JWTs. */
const minLength = 16;
/** The longest text that is remembered, in characters. */
const maxLength = 2_048;

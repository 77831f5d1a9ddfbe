/** Control characters, and characters that change the direction of the text around them. */
const invisible = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/**
 * Returns a text that another party wrote, for display as text: on one line, without control characters, shortened.
 *
 * @returns an empty string if the value is not a string
 */
export function textOfOthers(value: unknown, maxLength: number = 300): string {
  if (typeof value !== 'string') return '';
  // The slice bounds the work on a very long text.
  const line = value
    .slice(0, maxLength * 2)
    .replace(invisible, ' ')
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

/** Returns the message of a thrown value, for display as text. */
export function messageOf(thrown: unknown): string {
  return textOfOthers(thrown instanceof Error ? thrown.message : String(thrown)) || 'an unknown error';
}

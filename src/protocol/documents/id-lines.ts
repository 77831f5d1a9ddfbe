/**
 * Finds the lines of the IDs in the JSON text of a manifest, in one pass. The text must be valid JSON.
 *
 * @param form - `keys`: each key of an object is an ID. `members`: each value of a key `id` is an ID
 * @returns a function that returns the line of an ID, from 1. Called again with an ID, it returns the line of the next
 *   occurrence, and at last always the line of the last one. An ID that was not found has line 1
 */
export function idLines(text: string, form: 'keys' | 'members'): (id: string) => number {
  const lines = new Map<string, number[]>();
  let line = 1;
  let counted = 0;
  let key = '';
  for (let from = text.indexOf('"'); from >= 0; ) {
    const end = endOfString(text, from);
    const isKey = isFollowedByColon(text, end);
    const value = end - from <= longestId ? valueOf(text.slice(from, end)) : null;
    if (value !== null && isKey === (form === 'keys') && (isKey || key === 'id')) {
      for (let at = text.indexOf('\n', counted); at >= 0 && at < from; at = text.indexOf('\n', counted)) {
        line += 1;
        counted = at + 1;
      }
      const known = lines.get(value);
      if (known) known.push(line);
      else lines.set(value, [line]);
    }
    if (isKey) key = value ?? '';
    from = text.indexOf('"', end);
  }
  return (id) => {
    const found = lines.get(id);
    return (found && found.length > 1 ? found.shift() : found?.[0]) ?? 1;
  };
}

/** The longest text of an ID with its quotes. A longer string is the text of a document, or is refused as an ID. */
const longestId = 2_000;

/** Returns the position after the closing quote of the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function isFollowedByColon(text: string, at: number): boolean {
  let next = at;
  while (/\s/.test(text[next] ?? '')) next += 1;
  return text[next] === ':';
}

function valueOf(literal: string): string | null {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

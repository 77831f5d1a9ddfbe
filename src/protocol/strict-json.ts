/** The deepest accepted nesting, in levels, unless a caller states another. */
const defaultMaxDepth = 32;

/**
 * Parses a JSON object strictly. The text must be well-formed UTF-8 without a byte order mark, have no duplicate member
 * names, and be at most `maxDepth` levels deep.
 *
 * RFC 7515 §4 and RFC 7519 §4 allow a parser to refuse a duplicate name. `JSON.parse` keeps the last member with a
 * duplicate name, but some parsers keep the first. Therefore two parsers could read different values from one token.
 *
 * Does not limit the length of the text.
 *
 * @param maxDepth - the deepest accepted nesting, in levels. Default 32
 * @throws Error if the bytes do not encode an object of this form. Its message can have a part of the text
 */
export function parseStrictObject(
  bytes: Uint8Array,
  maxDepth: number = defaultMaxDepth,
): Readonly<Record<string, unknown>> {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (!text.trimStart().startsWith('{')) throw new SyntaxError('not an object');
  const written = writtenNames(text, maxDepth);
  const parsed = parsedNames(value);
  // `JSON.parse` drops a member if a later member has its name.
  if (written.length !== parsed.length) throw new SyntaxError('a member is named twice');
  // V8 may confuse a name that has an escape with a name in an earlier text (nodejs/node#63785). Then the parsed value
  // differs from the signed value.
  if (text.includes('\\') && !isSameList(written.sort(), parsed.sort())) throw new SyntaxError('a name was misread');
  return value as Readonly<Record<string, unknown>>; // The text is valid JSON that starts with a brace.
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// The structural characters of JSON (RFC 8259 §2). Codes are faster to compare than texts.
const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Returns the names of the members in a text: each string before a colon. The text must be valid JSON.
 *
 * @throws SyntaxError if the text is nested deeper than `maxDepth`
 */
function writtenNames(text: string, maxDepth: number): string[] {
  const names: string[] = [];
  let start = 0;
  let end = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      start = at;
      end = endOfString(text, at);
      at = end;
    } else if (character === colon) {
      names.push(stringAt(text, start, end));
    } else if (character === closeBrace || character === closeBracket) {
      depth -= 1;
    } else if (character === openBrace || character === openBracket) {
      depth += 1;
      if (depth > maxDepth) throw new SyntaxError('nested too deep');
    }
  }
  return names;
}

/**
 * Returns the end of the string that starts at `start`. The end is the next quote after an even number of backslashes.
 */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

/** Returns the string between two quotes. Escapes are decoded: "iss" and "\u0069ss" are equal. */
function stringAt(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end);
  return inside.includes('\\') ? String(JSON.parse(text.slice(start, end + 1))) : inside;
}

/** Returns the names of all members of a value and of the values in it. */
function parsedNames(value: unknown, names: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return names;
  if (!Array.isArray(value)) names.push(...Object.keys(value));
  for (const member of Object.values(value)) parsedNames(member, names);
  return names;
}

function isSameList(these: readonly string[], those: readonly string[]): boolean {
  return these.every((name, index) => name === those[index]);
}

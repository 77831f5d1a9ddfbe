/**
 * The deepest accepted nesting, in levels. Claims need far fewer levels, and the stack of a recursive reader allows far
 * more.
 */
const maxDepth = 32;

/**
 * Parses a JSON object that all parsers read in the same way: well-formed UTF-8 without a byte order mark, no duplicate
 * member names, and at most 32 levels deep.
 *
 * RFC 7515 §4 and RFC 7519 §4 allow a parser to refuse a duplicate name. JSON.parse keeps the last of two members with
 * the same name, and some parsers keep the first. So two parsers could read different values from one token.
 *
 * Does not bound the length of the text, and does not check its members.
 *
 * @throws Error if the bytes do not encode such an object
 */
export function parseStrictObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (!text.trimStart().startsWith('{')) throw new SyntaxError('not an object');
  const written = writtenNames(text);
  const parsed = parsedNames(value);
  // JSON.parse keeps only the last of two members with the same name.
  if (written.length !== parsed.length) throw new SyntaxError('a member is named twice');
  // V8 may confuse a name that has an escape with a name that it read before, even in another text (nodejs/node#63785).
  // Then the parsed value differs from the signed value.
  if (text.includes('\\') && !isSameList(written.sort(), parsed.sort())) throw new SyntaxError('a name was misread');
  return value as Readonly<Record<string, unknown>>; // valid JSON that starts with a brace
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// The structural characters of JSON (RFC 8259 §2) as codes, because each character of each token is compared with them.
const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Returns the names of the members as they are written in a text: each string before a colon. Checks no grammar, so the text must
 * have passed JSON.parse.
 *
 * @throws SyntaxError if the text is nested deeper than `maxDepth`
 */
function writtenNames(text: string): string[] {
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

/** Returns where the string that starts here ends: at the next quote after an even number of backslashes. */
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

/** Returns the string between two quotes with its escapes decoded: "iss" and "\u0069ss" are equal. */
function stringAt(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end);
  return inside.includes('\\') ? String(JSON.parse(text.slice(start, end + 1))) : inside;
}

/** Returns the names of all members of a value, at every depth. */
function parsedNames(value: unknown, names: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return names;
  if (!Array.isArray(value)) names.push(...Object.keys(value));
  for (const member of Object.values(value)) parsedNames(member, names);
  return names;
}

function isSameList(these: readonly string[], those: readonly string[]): boolean {
  return these.every((name, index) => name === those[index]);
}

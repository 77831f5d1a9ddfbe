/** Far beyond what claims nest, far below what could exhaust the stack of whoever walks them. */
const deepest = 32;

/**
 * Parses a JSON object in which nothing is left to the reader's interpretation: UTF-8 without faults or byte order mark,
 * no member named twice (RFC 7515 §4 and RFC 7519 §4 let a parser refuse those, so that no two readers of one token can
 * read two things), nested at most 32 deep.
 *
 * @throws Error where it is anything else
 */
export function parseStrictObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value: unknown = JSON.parse(text);
  if (!text.trimStart().startsWith('{')) throw new SyntaxError('not an object');
  checkMembers(text);
  return value as Readonly<Record<string, unknown>>; // valid JSON that starts with a brace
}

/** A string, with the colon after it if it is a member's name; or a bracket. Nothing else of JSON holds either. */
const token = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;

/** Checks names and depth. Sound only for text that JSON.parse has accepted, since it reads no grammar of its own. */
function checkMembers(text: string): void {
  const open: Set<unknown>[] = [];
  for (const [match, string, colon] of text.matchAll(token)) {
    if (match === '{' || match === '[') {
      if (open.push(new Set()) > deepest) throw new SyntaxError('nested too deep');
    } else if (match === '}' || match === ']') {
      open.pop();
    } else if (string !== undefined && colon !== undefined) {
      const name: unknown = JSON.parse(string); // "iss" and "\u0069ss" are one name
      const names = open.at(-1);
      if (names?.has(name)) throw new SyntaxError('a member is named twice');
      names?.add(name);
    }
  }
}

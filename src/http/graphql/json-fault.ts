/** The position at which a text is no longer JSON. Line and column count from 1. */
export interface JsonFault {
  readonly line: number;
  /** In UTF-16 code units. */
  readonly column: number;
  /** Whether the text ends before its value is complete. */
  readonly isEnd: boolean;
}

const space = /[\t\n\r ]*/y;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const escape = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * Finds the position at which a text is no longer JSON (RFC 8259). `JSON.parse` must have refused the text. The
 * messages of V8 are not used. They quote the text, and the text may hold secrets. They do not always state the
 * position.
 */
export function jsonFaultOf(text: string): JsonFault {
  const at = endOfJson(text);
  let line = 1;
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1 && end < at; end = text.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: at - start + 1, isEnd: at >= text.length };
}

/**
 * Returns the position at which a text is no longer JSON. The function does not recurse, because a text may be nested
 * deeper than the call stack allows.
 */
function endOfJson(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: 'value' | 'value or end' | 'name' | 'name or end' | 'separator' = 'value';
  let at = 0;
  const isAt = (character: string): boolean => text.startsWith(character, at);
  for (;;) {
    at = after(space, text, at) ?? at;
    if (expected === 'separator') {
      const last = open.at(-1);
      if (last === undefined) return at;
      if (isAt(last === '{' ? '}' : ']')) open.pop();
      else if (isAt(',')) expected = last === '{' ? 'name' : 'value';
      else return at;
      at += 1;
    } else if (expected === 'value' || (expected === 'value or end' && !isAt(']'))) {
      const start = at;
      const last = isAt('{') ? '{' : isAt('[') ? '[' : null;
      if (last) {
        open.push(last);
        expected = last === '{' ? 'name or end' : 'value or end';
        at += 1;
        continue;
      }
      const read = isAt('"') ? endOfString(text, at) : { at: after(scalar, text, at) ?? start, isWhole: true };
      at = read.at;
      if (at === start || !read.isWhole) return at;
      expected = 'separator';
    } else if (expected === 'name' || (expected === 'name or end' && !isAt('}'))) {
      if (!isAt('"')) return at;
      const name = endOfString(text, at);
      if (!name.isWhole) return name.at;
      at = after(space, text, name.at) ?? name.at;
      if (!isAt(':')) return at;
      at += 1;
      expected = 'value';
    } else {
      open.pop();
      expected = 'separator';
      at += 1;
    }
  }
}

function endOfString(text: string, start: number): { readonly at: number; readonly isWhole: boolean } {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') return { at: at + 1, isWhole: true };
    if (character < ' ') break;
    if (character === '\\') {
      const next = after(escape, text, at);
      if (next === null) break;
      at = next;
    } else {
      at += 1;
    }
  }
  return { at, isWhole: false };
}

/** Matches a sticky pattern. @returns the end of the match. Null if there is no match */
function after(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

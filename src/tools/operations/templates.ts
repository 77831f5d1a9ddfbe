/** A template literal in a source file. */
export interface Template {
  /** The text with each `${…}` left out. Line breaks inside of `${…}` stay, so that lines can be counted. */
  readonly text: string;
  /** The positions in `text` where a `${…}` was left out. */
  readonly holes: readonly number[];
  /** The line where the template begins, from 1. */
  readonly line: number;
}

/** A template literal that has no end. The file cannot be read, because it is not known what is code. */
export class UnendedTemplate extends Error {
  override readonly name = 'UnendedTemplate';
  /** The line where the template begins, from 1. */
  readonly line: number;

  constructor(line: number) {
    super(`the template at line ${line} has no end`);
    this.line = line;
  }
}

/**
 * Finds the template literals with GraphQL in TypeScript or JavaScript: gql`…`, graphql`…`, gql(`…`), graphql(`…`), and
 * each template after a comment GraphQL or with `#graphql` at its start. Templates in comments and strings are not found.
 *
 * @throws {UnendedTemplate} if a template has no end
 */
export function graphqlTemplates(code: string): readonly Template[] {
  return new Scanner(code).scan();
}

/** What stands before a template that has GraphQL. */
const before = /(?:^|[^\w$.])(?:gql|graphql)\s*(?:<[^<>`]*>)?\s*\(?\s*$/;
/** After these characters, a slash begins a regular expression. In JSX, a slash also follows `<`, `>` and `}`. */
const beforeExpression =
  /(?:^|=>|[([{,;=:!&|?+\-*%~^]|\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield))\s*$/;
/** After these characters, a quotation mark is an apostrophe in a text of JSX, except after a keyword. */
const beforeApostrophe = /[\p{L}\p{N}]$/u;
const keywords = /\b(?:return|typeof|case|in|of|do|else|void|delete|await|yield|from|import|export|default)$/;

class Scanner {
  readonly #code: string;
  readonly #found: Template[] = [];
  #at = 0;
  /** Where the code without comments since the last token begins. */
  #lastComment = -1;

  constructor(code: string) {
    this.#code = code;
  }

  scan(): readonly Template[] {
    this.#skipCode(false);
    return this.#found.toSorted((one, other) => one.line - other.line);
  }

  /** @param isHole - whether the code ends at the `}` of a `${…}` */
  #skipCode(isHole: boolean): void {
    const code = this.#code;
    let depth = 0;
    while (this.#at < code.length) {
      const character = code[this.#at] ?? '';
      const pair = code.slice(this.#at, this.#at + 2);
      if (pair === '//') this.#skipTo('\n', 2);
      else if (pair === '/*') this.#skipComment();
      else if (character === '"' || character === "'") this.#skipString(character);
      else if (character === '`') this.#readTemplate();
      else if (character === '/' && beforeExpression.test(code.slice(Math.max(0, this.#at - 40), this.#at)))
        this.#skipExpression();
      else {
        if (character === '{') depth += 1;
        if (character === '}') {
          if (isHole && depth === 0) return;
          depth -= 1;
        }
        this.#at += 1;
      }
    }
  }

  #skipTo(end: string, from: number): void {
    const found = this.#code.indexOf(end, this.#at + from);
    this.#at = found < 0 ? this.#code.length : found + end.length;
  }

  #skipComment(): void {
    const start = this.#at;
    this.#skipTo('*/', 2);
    if (/^\/\*\s*graphql\s*\*\/$/i.test(this.#code.slice(start, this.#at))) this.#lastComment = this.#at;
  }

  /** A string ends at a line break too, because text of JSX can have an apostrophe. */
  #skipString(quote: string): void {
    const around = this.#code.slice(Math.max(0, this.#at - 12), this.#at);
    this.#at += 1;
    if (beforeApostrophe.test(around) && !keywords.test(around)) return;
    while (this.#at < this.#code.length) {
      const character = this.#code[this.#at];
      this.#at += character === '\\' ? 2 : 1;
      if (character === quote || character === '\n') return;
    }
  }

  #skipExpression(): void {
    const start = this.#at;
    let isClass = false;
    this.#at += 1;
    while (this.#at < this.#code.length) {
      const character = this.#code[this.#at];
      if (character === '\n') {
        this.#at = start + 1; // It was a division, or the end of an element of JSX.
        return;
      }
      this.#at += character === '\\' ? 2 : 1;
      if (character === '[') isClass = true;
      if (character === ']') isClass = false;
      if (character === '/' && !isClass) return;
    }
  }

  #readTemplate(): void {
    const code = this.#code;
    const start = this.#at;
    const isAfterComment = this.#lastComment >= 0 && code.slice(this.#lastComment, start).trim() === '';
    const isTagged = before.test(withoutComments(code.slice(Math.max(0, start - 200), start)));
    const holes: number[] = [];
    let text = '';
    this.#at += 1;
    while (this.#at < code.length && code[this.#at] !== '`') {
      if (code[this.#at] === '\\') {
        text += unescaped(code[this.#at + 1] ?? '');
        this.#at += 2;
      } else if (code.startsWith('${', this.#at)) {
        const from = this.#at;
        this.#at += 2;
        this.#skipCode(true);
        this.#at += 1;
        holes.push(text.length);
        text += code.slice(from, this.#at).replaceAll(/[^\n]/g, '');
      } else {
        text += code[this.#at];
        this.#at += 1;
      }
    }
    if (this.#at >= code.length) throw new UnendedTemplate(lineAt(code, start));
    this.#at += 1;
    if (!isTagged && !isAfterComment && !/^\s*#graphql\b/.test(text)) return;
    this.#found.push({ text, holes, line: lineAt(code, start) });
  }
}

function lineAt(code: string, position: number): number {
  return code.slice(0, position).split('\n').length;
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*(?:(?!\*\/)[^])*\*\//g, ' ');
}

/** Returns the character of an escape. GraphQL has escapes of its own, which stay. */
function unescaped(character: string): string {
  if (character === '\n') return '\n';
  return '`$\\{'.includes(character) ? character : `\\${character}`;
}

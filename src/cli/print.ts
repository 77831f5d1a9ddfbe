import { styleText } from 'node:util';

/**
 * Escapes control characters. Users write names and descriptions, and their characters must not control the terminal.
 */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** One object that a command prints. Its members have the names of the API. */
export type OutputRecord = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** Prints the result of a command. */
export interface Printer {
  /** Prints one row of a table. */
  row(record: OutputRecord): void;
  /** Prints one object with all its members. `done` is a sentence about the change. It is left out of JSON output. */
  thing(record: OutputRecord, done?: string): void;
}

/**
 * Makes the printer of a command.
 *
 * @param json - whether to print one JSON object on each line. Otherwise the printer writes text, with colours on a
 * terminal
 * @param write - writes to the standard output
 */
export function createPrinter(json: boolean, write: (text: string) => void): Printer {
  const line = (record: OutputRecord) => write(`${JSON.stringify(record)}\n`);
  if (json) return { row: line, thing: line };
  let headed = false;
  return {
    row(record) {
      if (!headed) write(`${styleText('dim', cells(Object.keys(record).map((name) => [name, name])))}\n`);
      headed = true;
      write(`${cells(Object.entries(record).map(([name, value]) => [name, inWords(value)]))}\n`);
    },
    thing(record, done) {
      if (done !== undefined) write(`${printable(done)}\n`);
      const width = Math.max(...Object.keys(record).map(({ length }) => length));
      for (const [name, value] of Object.entries(record)) {
        write(`  ${styleText('dim', name.padEnd(width))}  ${inWords(value)}\n`);
      }
    },
  };
}

/** The widths of columns, in characters. A longer value moves the rest of its row to the right. */
const widths: Readonly<Record<string, number>> = {
  email: 28,
  account: 28,
  id: 36,
  clientId: 24,
  createdAt: 24,
  at: 24,
  kid: 43,
  signsFrom: 24,
  publishedUntil: 24,
};

function cells(row: readonly (readonly [name: string, text: string])[]): string {
  return row
    .map(([name, text]) => text.padEnd(widths[name] ?? Math.max(name.length, 12)))
    .join('  ')
    .trimEnd();
}

function inWords(value: OutputRecord[string]): string {
  if (value === null) return '-';
  return printable(typeof value === 'object' ? value.join(' ') || '-' : String(value));
}

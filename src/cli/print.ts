import { styleText } from 'node:util';

/** Whoever wrote it shall not move the cursor of whoever reads this. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** What a command tells of one thing: names as the API has them. */
export type Told = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** How a command tells what it found. */
export interface Printer {
  /** One thing after another, in a table. */
  row(record: Told): void;
  /** One thing with all that is known of it; and what was done, for people alone. */
  thing(record: Told, done?: string): void;
}

/**
 * @param json one JSON object on a line for each thing, for machines; else text for people, with colours on a terminal
 */
export function createPrinter(json: boolean, write: (text: string) => void): Printer {
  const line = (record: Told) => write(`${JSON.stringify(record)}\n`);
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

/** Rows come one by one, so that columns are as wide as what they mostly hold; what is longer pushes the rest along. */
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

function inWords(value: Told[string]): string {
  if (value === null) return '-';
  return printable(typeof value === 'object' ? value.join(' ') || '-' : String(value));
}

import { oneLine } from './table.ts';

/** The smallest number of characters that a line gets, so that a narrow terminal does not break each word. */
const leastWidth = 20;

/**
 * Breaks a text between words, so that each line has at most `columns` characters. A longer word has a line of its own.
 *
 * @param indent - how many spaces the lines after the first begin with
 * @param used - how many characters of the first line are already used
 */
export function wrapped(text: string, columns: number, indent: number, used: number = indent): string {
  const lines: string[] = [];
  let line = '';
  let room = Math.max(leastWidth, columns - used);
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = '';
      room = Math.max(leastWidth, columns - indent);
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/**
 * Writes a line with a label. On a terminal, the text is wrapped beside the label.
 *
 * @param label - what the line begins with, without colours
 * @param columns - the width of the terminal, in characters. `null`: the text is not wrapped
 */
export function labelled(label: string, text: string, columns: number | null): string {
  return `${label}${columns === null ? oneLine(text) : wrapped(text, columns, label.length)}`;
}

/** A row of a narrow table: cells that are padded, and a text that is wrapped beside them. */
export interface NarrowRow {
  readonly cells: readonly string[];
  readonly text: string;
}

/** The largest width of the first cell. A longer cell has a line of its own. */
const maxFirst = 28;

/** Writes rows for a terminal that is too narrow for a table. */
export function narrowRows(rows: readonly NarrowRow[], columns: number): string {
  const widths = (rows[0]?.cells ?? []).map((_cell, at) => {
    const all = rows.map(({ cells }) => oneLine(cells[at] ?? '').length);
    return Math.max(0, ...(at === 0 ? all.filter((width) => width <= maxFirst) : all));
  });
  const indent = 2 + widths.reduce((sum, width) => sum + width + 2, 0);
  return rows
    .map(({ cells, text }) => {
      const [first = '', ...others] = cells.map((cell, at) => oneLine(cell).padEnd(widths[at] ?? 0));
      const isLong = others.length > 0 && first.length > (widths[0] ?? 0);
      const head = isLong ? `  ${first}\n  ${' '.repeat(widths[0] ?? 0)}` : `  ${first}`;
      const line = [head, ...others].join('  ');
      return text === '' ? line.trimEnd() : `${line}  ${wrapped(text, columns, indent)}`;
    })
    .map((line) => `${line}\n`)
    .join('');
}

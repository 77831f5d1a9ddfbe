import { escaped } from '../../protocol/shown.ts';

/** Escapes control characters and line breaks. Names of files and texts of documents must not control the terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{C}|[\u2028\u2029]/gu, escaped);
}

/** Writes rows as a table of Markdown (GitHub). */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(markdownCell)))].join('');
}

/** Escapes what would end a cell of a table, or begin HTML, a link or an image. */
export function markdownCell(text: string): string {
  return oneLine(text).replaceAll('|', String.raw`\|`).replaceAll('<', '&lt;').replaceAll('](', ']&#40;');
}

/** Writes a text as code in Markdown. The text can have backticks. */
export function markdownCode(text: string): string {
  const clean = oneLine(text);
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest === 0 ? `${ticks}${clean}${ticks}` : `${ticks} ${clean} ${ticks}`;
}

/** Writes a number with its noun: `1 operation`, `2 operations`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
/** Writes rows as columns with two spaces between them. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_name, at) => all.reduce((width, row) => Math.max(width, row[at]?.length ?? 0), 0));
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

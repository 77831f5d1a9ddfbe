import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { root } from '../support/process.ts';
import { fileTable } from './room-files.ts';
import { importSentences } from './room-table.ts';
import { tables } from './tables.ts';

const marker = /(<!-- (table|file): (\S+) -->|<!-- (?:files|imports) -->)\n([^]*?)(<!-- end -->)/g;

/**
 * Fills in the generated parts of a Markdown file. Each part ends with `<!-- end -->` and begins with one of these
 * comments:
 * - `<!-- table: name -->`: a table of `tables.ts`
 * - `<!-- file: path -->`: a source file
 * - `<!-- files -->`: the list of the source files in the Markdown file's folder
 * - `<!-- imports -->`: what this room may import
 * @param path - the Markdown file, relative to the root of the repository
 * @param text - its present text
 * @throws Error if a part has an unknown name
 */
export function render(path: string, text: string): string {
  return text.replace(
    marker,
    (_whole, head: string, kind: string | undefined, name: string, present: string, end: string) => {
      const content = kind === undefined ? listOf(head, dirname(path), present) : part(kind, name);
      if (content === undefined) throw new Error(`${path}: there is no generated table named ${name}`);
      return `${head}\n${content}\n${end}`;
    },
  );
}

/** Counts the generated parts of a Markdown file. */
export function partsOf(text: string): number {
  return [...text.matchAll(marker)].length;
}

function listOf(head: string, folder: string, present: string): string {
  return head.includes('files') ? fileTable(folder, present) : importSentences(folder);
}

function part(kind: string, name: string): string | undefined {
  return kind === 'table' ? tables[name]?.() : sourceFile(name);
}

/** The names of languages in Markdown, by the ending of a file. Default: the ending. */
const languages: Readonly<Record<string, string>> = { yml: 'yaml' };

/** Returns a source file as users write it, with imports of the package by name. */
function sourceFile(path: string): string {
  const text = readFileSync(`${root}${path}`, 'utf8')
    .replace(/'(?:\.\.\/)+src\/index\.ts'/, "'claimgate'")
    .replace(/'(?:\.\.\/)+src\/apollo\.ts'/, "'claimgate/apollo'")
    .replace(/'(?:\.\.\/)+src\/testing\.ts'/, "'claimgate/testing'")
    .replace(/'(?:\.\.\/)+src\/server\.ts'/, "'claimgate-server'")
    .replace(/'(?:\.\.\/)+src\/testing\/server\.ts'/, "'claimgate-server/testing'");
  const [, ending = ''] = /\.(\w+)$/.exec(path) ?? [];
  return `\`\`\`${languages[ending] ?? ending}\n${text}\`\`\``;
}

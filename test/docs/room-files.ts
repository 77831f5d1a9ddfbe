import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { root } from '../support/process.ts';
import { table } from './table.ts';

/** Folders of similar files. The list of files has one row for such a folder. */
const summarized: Readonly<Record<string, string>> = {
  migrations:
    'The changes to the tables, one file each, in the order of their numbers. A released one is never edited.',
  client: 'The code for the browser, a room of its own.',
  pages: 'The pages that people see, one file each, as functions from values to HTML.',
};

/**
 * Makes the table of a folder's source files: the files in reading order, and a description of each.
 * The table keeps the present order and descriptions. A file that moved within the folder keeps its description. A new
 * file is added after the last file of its own folder, and is described by the first sentence of its main docstring. A
 * deleted file is removed.
 * @param folder - relative to the root of the repository
 * @param present - the present list
 * @throws Error if a new file has no docstring
 */
export function fileTable(folder: string, present: string): string {
  const files = sourceFiles(folder);
  const listed = listedIn(present);
  const moved = new Map([...listed].filter(([name]) => !files.has(name)).map(([name, text]) => [basename(name), text]));
  const order = [...listed.keys()].filter((name) => files.has(name));
  for (const name of files) {
    if (order.includes(name)) continue;
    const last = order.findLastIndex((other) => dirname(other) === dirname(name));
    order.splice(last === -1 ? order.length : last + 1, 0, name);
  }
  const rows = order.map((name) => [
    `[\`${name}\`](${name})`,
    listed.get(name) ?? moved.get(basename(name)) ?? description(`${folder}/${name}`),
  ]);
  return table(['file', 'what it is'], rows);
}

/** Reads the files of a list, with the description of each. */
export function listedIn(list: string): ReadonlyMap<string, string> {
  const rows = list.matchAll(/^\| \[`([^`]+)`\]\([^)]*\) \| (.*) \|$/gm);
  return new Map([...rows].map(([, name = '', text = '']) => [name, text]));
}

/** Returns the source files below a folder, relative to it. A summarized folder ends with `/`. */
function sourceFiles(folder: string, below = ''): ReadonlySet<string> {
  const names = readdirSync(`${root}${folder}/${below}`, { withFileTypes: true })
    .toSorted(
      (one, other) => Number(one.isDirectory()) - Number(other.isDirectory()) || (one.name < other.name ? -1 : 1),
    )
    .flatMap((entry) => {
      const name = `${below}${entry.name}`;
      // Each room of src/ lists its own files, so the list of src/ has none of them.
      if (entry.isDirectory() && folder !== 'src')
        return Object.hasOwn(summarized, entry.name) ? [`${name}/`] : [...sourceFiles(folder, `${name}/`)];
      return entry.isFile() && name.endsWith('.ts') ? [name] : [];
    });
  return new Set(names);
}

/** Describes a file by the first sentence of the docstring at its start, or of the docstring of its main export. */
function description(path: string): string {
  const summary = path.endsWith('/') ? summarized[basename(path)] : undefined;
  if (summary !== undefined) return summary;
  const text = readFileSync(`${root}${path}`, 'utf8').replace(/^#!.*\n/, '');
  const stem = basename(path, '.ts').replaceAll('-', '').toLowerCase();
  const docstrings = [
    ...text.matchAll(
      /\/\*\*(?<words>(?:(?!\*\/)[^])*)\*\/\n(?:export (?:async )?(?<kind>function\*?|const|class|interface|type) (?<name>\w+))?/g,
    ),
  ].map(({ groups, index, 0: { length } }) => ({
    words: (groups?.['words'] ?? '')
      .replaceAll(/\n\s*\*/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
    kind: groups?.['kind'] ?? '',
    name: (groups?.['name'] ?? '').toLowerCase(),
    isHead: index === 0 && groups?.['name'] === undefined && /^(?:import|export \{|\n)/.test(text.slice(length)),
  }));
  const candidates = docstrings.filter(({ words }) => words !== '' && !words.startsWith('@'));
  const exported = candidates.filter(({ name }) => name !== '');
  const main =
    candidates.find(({ isHead }) => isHead) ??
    exported.find(({ name }) => name === stem) ??
    exported.find(({ kind }) => /function|class/.test(kind)) ??
    exported.find(({ kind }) => kind === 'const') ??
    exported[0];
  if (main === undefined)
    throw new Error(`${path} has no docstring: give its main export one, whose first sentence says what it is`);
  const [sentence = ''] = main.words.split(/(?<=\.)\s|\s@/);
  return sentence.replaceAll('|', String.raw`\|`).replace(/[^.]$/, '$&.');
}

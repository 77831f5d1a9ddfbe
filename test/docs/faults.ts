import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../support/process.ts';
import { anchorsOf, linesOf, linksOf, mentionsOf, proseOf } from './markdown.ts';

/** The largest number of characters in a line of prose. */
const longest = 160;
const vague = /\b(whoever|whatever|whichever|somebody|nobody|anybody|whomever)\b/i;

/** Returns the faults of a Markdown file, one line each: the place, and what was expected. */
export function faultsOf(path: string): readonly string[] {
  return [
    ...proseOf(path)
      .filter(({ text }) => text.length > longest)
      .map(({ number }) => `${path}:${number}: expected at most ${longest} characters in a line of prose`),
    ...linksOf(path)
      .filter(({ target }) => !leadsSomewhere(path, target))
      .map(({ number, target }) => `${path}:${number}: there is no ${target}, to which a link leads`),
    ...mentionsOf(path)
      .filter(({ target }) => !isPath(target))
      .map(({ number, target }) => `${path}:${number}: there is no ${target}`),
    ...linesOf(path)
      .filter(({ text }) => vague.test(text))
      .map(({ number, text }) => `${path}:${number}: name the actor in the place of "${vague.exec(text)?.[0]}"`),
  ];
}

/** Whether a path exists, relative to the root, to `src/` or to `test/`. */
function isPath(target: string): boolean {
  return ['', 'src/', 'test/'].some((folder) => existsSync(join(root, folder, target)));
}

/** Whether a link of a Markdown file has a target in this repository: a file, and in it a heading or an anchor. */
function leadsSomewhere(path: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const linked = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, linked))) return false;
  return anchor === undefined || (linked.endsWith('.md') && anchorsOf(linked).has(anchor));
}

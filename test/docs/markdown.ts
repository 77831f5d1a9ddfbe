import { readdirSync, readFileSync } from 'node:fs';
import { root } from '../support/process.ts';

/** Folders without documentation of ours. */
const passedOver = new Set(['node_modules', 'dist', 'data', '.git']);

/** Returns the paths of the repository's Markdown files, relative to its root. */
export function markdownFiles(folder = ''): readonly string[] {
  return readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : markdownFiles(`${path}/`);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** A line of a Markdown file, numbered from 1. */
interface Line {
  readonly number: number;
  readonly text: string;
}

/** Returns the lines of a Markdown file outside of code blocks. */
export function linesOf(path: string): readonly Line[] {
  let fence: string | null = null;
  return readFileSync(`${root}${path}`, 'utf8')
    .split('\n')
    .flatMap((text, index) => {
      const [mark = null] = /^\s*(```+|~~~+)/.exec(text)?.slice(1) ?? [];
      if (mark !== null && (fence === null || mark === fence)) {
        fence = fence === null ? mark : null;
        return [];
      }
      return fence === null ? [{ number: index + 1, text }] : [];
    });
}

/** Returns the prose lines of a Markdown file, without code blocks and table rows. */
export function proseOf(path: string): readonly Line[] {
  return linesOf(path).filter(({ text }) => !/^\s*\|/.test(text));
}

/** Returns the links of a Markdown file to this repository, with the number of each line. */
export function linksOf(path: string): readonly { readonly number: number; readonly target: string }[] {
  return linesOf(path).flatMap(({ number, text }) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => ({ number, target }))
      .filter(({ target }) => !/^[a-z]+:/.test(target)),
  );
}

/**
 * Returns the paths that a Markdown file mentions as code, such as `api/schema.ts` or `test/docs/`, with the number of
 * each line.
 */
export function mentionsOf(path: string): readonly { readonly number: number; readonly target: string }[] {
  return linesOf(path).flatMap(({ number, text }) =>
    [...text.matchAll(/(?<!\[)`((?:\.?[\w-]+\/)+(?:[\w.-]+\.(?:ts|md|json|graphql|sh))?)`/g)].map(
      ([, target = '']) => ({
        number,
        target,
      }),
    ),
  );
}

/** Returns the anchors of a Markdown file: the names that GitHub gives to headings, and the names in `<a id>`. */
export function anchorsOf(path: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text } of linesOf(path)) {
    for (const [, id = ''] of text.matchAll(/<a id="([^"]+)">/g)) anchors.add(id);
    const [, heading] = /^#{1,6} (.+)$/.exec(text) ?? [];
    if (heading !== undefined) anchors.add(slug(heading));
  }
  return anchors;
}

function slug(heading: string): string {
  const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
  return shown
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- _]/gu, '')
    .replaceAll(' ', '-');
}

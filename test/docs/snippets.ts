import { readFileSync } from 'node:fs';
import { root } from '../support/process.ts';
import { markdownFiles } from './markdown.ts';

/** A code block of a Markdown file. */
export interface Snippet {
  readonly path: string;
  /** The number of its first line. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Returns the code blocks of all Markdown files. */
export function snippets(): readonly Snippet[] {
  return markdownFiles().flatMap((path) => {
    const text = readFileSync(`${root}${path}`, 'utf8');
    return [...text.matchAll(/^( *)```(\w+)\n([^]*?)^ *```$/gm)].map(
      ({ index, 1: indent = '', 2: language = '', 3: code = '' }) => ({
        path,
        line: text.slice(0, index).split('\n').length + 1,
        language,
        text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }),
    );
  });
}

/**
 * Returns the commands of a shell block, one per line. Request bodies and comments are left out, and continued lines
 * are joined.
 */
export function commandsOf({ text }: Snippet): readonly string[] {
  return text
    .replaceAll(/'\{[^']*\}'/g, "'{}'")
    .replaceAll(/\\\n\s*/g, '')
    .replaceAll(/ +#.*$/gm, '')
    .split(/\n| && /)
    .filter((line) => line !== '');
}

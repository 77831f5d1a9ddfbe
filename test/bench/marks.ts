import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../support/process.ts';

/** The guide into which the benchmarks write their results. */
export const guide: string = join(root, 'test/bench/README.md');

/**
 * Writes a result into the guide of the benchmarks, between the marks `<!-- bench: NAME -->` and `<!-- end bench -->`.
 *
 * @throws if the guide does not have these marks
 */
export async function writeMark(name: string, text: string): Promise<void> {
  const present = await readFile(guide, 'utf8');
  await writeFile(guide, withMark(present, name, text));
}

/** Replaces the text between two marks. @throws if the guide does not have these marks */
export function withMark(present: string, name: string, text: string): string {
  const begin = `<!-- bench: ${name} -->\n`;
  const end = '<!-- end bench -->';
  const from = present.indexOf(begin);
  const to = present.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(`test/bench/README.md: expected the marks "${begin.trim()}" and "${end}", and found none`);
  }
  return `${present.slice(0, from + begin.length)}\n${text.trim()}\n\n${present.slice(to)}`;
}

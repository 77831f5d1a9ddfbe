import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The names of the files in a package that have its licence, or the licences of what it contains. */
const licenceFile = /^(?:licen[cs]e|copying|notice|third-?party-?notices?)(?:[.-].*)?$/i;

/**
 * Writes the licences of the packages to which files belong, one after another.
 *
 * @param files - absolute paths. Files outside of `node_modules` are ours, and are left out
 * @throws Error if a package states no licence
 */
export async function licencesOf(files: readonly string[]): Promise<string> {
  const folders = new Set(
    files.flatMap((file) => /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+/.exec(file) ?? []),
  );
  const texts = await Promise.all([...folders].toSorted().map((folder) => licenceOf(folder)));
  const head = 'The files for the browser contain code of these packages.\n';
  return [head, ...new Set(texts)].join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: unknown;
  };
  const names = (await readdir(folder)).filter((one) => licenceFile.test(one)).toSorted();
  if (names.length === 0 && typeof license !== 'string') {
    throw new Error(`${name} ${version}: expected a licence in a file or in package.json, and found neither`);
  }
  const texts = await Promise.all(names.map((one) => readFile(join(folder, one), 'utf8')));
  const stated = typeof license === 'string' ? license : 'see below';
  return [`${name} ${version} (${stated})\n`, ...texts.map((text) => text.trim())].join('\n').concat('\n');
}

import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isRecord } from '../protocol/record.ts';

const notStripped =
  'Node.js strips types and does not translate: an enum, a namespace with values, a parameter property and `import x = ` cannot ' +
  'be stripped; write an object `as const`, a plain module, or an assignment in the constructor';

/**
 * Describes why a configuration file could not be loaded. The message has the file, the line and advice. The file can
 * be the configuration file or a file that it imports.
 *
 * @param path - the configuration file
 * @param error - the value that the import threw
 */
export async function loadFault(path: string, error: unknown): Promise<string> {
  if (!(error instanceof Error)) {
    return `${path}: threw ${String(error)} while it was loaded; throw an Error instead, which has a line`;
  }
  const place = placeOf(error) ?? (await placeByCode(path, error)) ?? path;
  const message = `${error.name}: ${error.message}`.replaceAll(/\s*\n\s*/g, ' ');
  return `${place}: expected a module that can be loaded; ${message}${adviceFor(error)}`;
}

/**
 * Describes the fault of the default export of a file that could be loaded.
 *
 * @returns undefined if the default export is an object
 */
export function exportFault(path: string, exported: Readonly<Record<string, unknown>>): string | undefined {
  const expected = 'expected an object as default export: `export default defineConfig({ … })`';
  if (!('default' in exported)) {
    const names = Object.keys(exported);
    const found = names.length > 0 ? `; it exports only ${names.join(', ')}` : '; it exports nothing';
    return `${path}: ${expected}${found}`;
  }
  const { default: file } = exported;
  if (file instanceof Promise) return `${at(path, /\bexport\b.*\bdefault\b/)}: ${expected}; it is a promise: await it`;
  if (isRecord(file)) return undefined;
  const kind = file === null ? 'null' : Array.isArray(file) ? 'an array' : `of type ${typeof file}`;
  return `${at(path, /\bexport\b.*\bdefault\b/)}: ${expected}; it is ${kind}`;
}

/**
 * Finds the place of an error in its stack. For a syntax error, this is the place at the beginning. Otherwise it is the
 * first line of the team's code.
 */
function placeOf(error: Error): string | undefined {
  const stack = error.stack ?? '';
  const [, url] = /^(file:\/\/\S+:\d+)$/m.exec(stack.split('\n', 1)[0] ?? '') ?? [];
  if (url) return pathOf(url);
  const frames = [...stack.matchAll(/^ {4}at .*?(file:\/\/[^\s)]+?:\d+):\d+\)?$/gm)].map(([, frame = '']) => frame);
  const ours = new URL('../', import.meta.url).href;
  const theirs = frames.find((frame) => !frame.startsWith(ours) && !frame.includes('/node_modules/'));
  return theirs && pathOf(theirs);
}

/** Finds the place of an error if the stack has only lines of the loader. */
async function placeByCode(path: string, error: Error): Promise<string | undefined> {
  try {
    return await searchPlace(path, error);
  } catch {
    return undefined; // A file cannot be read. The original error reports this.
  }
}

async function searchPlace(path: string, error: Error): Promise<string | undefined> {
  const former = formerImporter(error);
  if (former !== undefined) return at(former, formerImport);
  const [, missing, importer] = /^Cannot find (?:module|package) '(.+?)' imported from (.+)$/.exec(error.message) ?? [];
  if (missing && importer && existsSync(importer)) return at(importer, missing);
  const [, needed] = /^Module "(.+?)" needs an import attribute/.exec(error.message) ?? [];
  if (needed)
    return filesFrom(path)
      .map((file) => at(file, needed))
      .find((place) => /:\d+$/.test(place));
  return error instanceof SyntaxError ? findSyntaxError(filesFrom(path)) : undefined;
}

/** The former import of the server's exports. The server now has its own package. */
const formerImport = /['"]claimgate\/server['"]/;

/** Returns the file with the former import if it caused the error. */
function formerImporter({ message }: Error): string | undefined {
  const [, importer] =
    /^(?:Cannot find package 'claimgate'|Package subpath '\.\/server' is not defined) .*\bfrom (.+)$/.exec(message) ??
    [];
  return importer !== undefined && existsSync(importer) && formerImport.test(readFileSync(importer, 'utf8'))
    ? importer
    : undefined;
}

/**
 * Returns the path with the number of the first line that matches the pattern or imports the named module. If there is
 * no such line, returns the path.
 */
function at(path: string, sought: RegExp | string): string {
  const lines = readFileSync(path, 'utf8').split('\n');
  const isSought =
    typeof sought === 'string'
      ? (line: string) => /\b(?:from|import)\b/.test(line) && line.includes(basename(sought))
      : (line: string) => sought.test(line);
  const index = lines.findIndex(isSought);
  return index === -1 ? path : `${path}:${index + 1}`;
}

/**
 * Lists a file and the files that it imports by relative paths, directly or indirectly. Lists about 50 files at most.
 */
function filesFrom(path: string): readonly string[] {
  const files = new Set([path]);
  for (const file of files) {
    if (files.size >= 50) break;
    for (const [, relative = ''] of readFileSync(file, 'utf8').matchAll(
      /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g,
    )) {
      const imported = resolve(dirname(file), relative);
      if (existsSync(imported) && /\.[cm]?[jt]s$/.test(imported)) files.add(imported);
    }
  }
  return [...files];
}

/**
 * Finds a syntax error. V8 prints the line of a syntax error only to the standard error stream. `node --check` does not
 * run the file.
 */
async function findSyntaxError(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const stderr = await new Promise<string>((settle) => {
      execFile(process.execPath, ['--check', file], { timeout: 10_000 }, (_error, _stdout, text) => settle(text));
    });
    const [place = ''] = stderr.split('\n', 1);
    if (/:\d+$/.test(place)) return place.startsWith('file:') ? pathOf(place) : place;
  }
  return undefined;
}

function adviceFor(error: Error): string {
  if (formerImporter(error) !== undefined)
    return '; what claimgate/server had is in the package claimgate-server now: write `claimgate-server`';
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return `; ${notStripped}`;
  if (error.message.includes('does not provide an export named')) return '; a type is imported by `import type`';
  if (code === 'ERR_IMPORT_ATTRIBUTE_MISSING') return "; write `with { type: 'json' }` behind the import";
  if (code !== 'ERR_MODULE_NOT_FOUND') return '';
  const [, missing = ''] = /^Cannot find module '(.+?)'/.exec(error.message) ?? [];
  if (missing === '') return '; install it, or correct its name';
  const stem = missing.replace(/\.[cm]?[jt]s$/, '');
  const near = ['.ts', '.js', '.mjs', '/index.ts', '/index.js'].find((ending) => existsSync(`${stem}${ending}`));
  return near ? `; did you mean ${basename(stem)}${near}? An import names the file with its ending` : '';
}

/** Turns a `file:` URL with a line into a path with a line. */
function pathOf(place: string): string {
  const [, url = '', line = ''] = /^(.*):(\d+)$/.exec(place) ?? [];
  // The loader adds queries such as `?t=1`.
  return `${fileURLToPath(url)}:${line}`;
}

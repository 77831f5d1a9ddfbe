import { glob, readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { ToolFault } from '../report/fault.ts';
import { codeOf, maxBytes, readText } from './text.ts';

/** A file, with the name under which messages show it. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** What a file, a folder or a glob may contain. */
export interface FileKinds {
  /** The endings that a folder is searched for, with their dots. A named file may have any ending. */
  readonly endings: readonly string[];
  /** What was expected, for messages. */
  readonly expected: string;
}

const maxFiles = 20_000;
const isSkipped = (name: string): boolean => name === 'node_modules' || name.startsWith('.');

/**
 * Reads a file, the files of a folder and its folders, or the files of a glob. Folders named `node_modules` or with a dot
 * at the start are left out. The files are in the order of their paths.
 *
 * @param directory - the working directory
 * @throws {ToolFault} if there is no such file, no file with one of the endings, or too much to read
 */
export async function readTextFiles(path: string, directory: string, kinds: FileKinds): Promise<readonly TextFile[]> {
  const paths = await pathsOf(path, directory, kinds);
  if (paths.length > maxFiles) {
    throw new ToolFault({ file: path, line: null }, `has more than ${maxFiles} files; expected a smaller folder`);
  }
  const files: TextFile[] = [];
  let bytes = 0;
  for (const found of paths) {
    const text = await readText(found, nameOf(found, directory));
    bytes += Buffer.byteLength(text);
    if (bytes > maxBytes)
      throw new ToolFault({ file: path, line: null }, `has more than ${maxBytes} bytes; expected a smaller folder`);
    files.push({ name: nameOf(found, directory), text });
  }
  return files;
}

async function pathsOf(path: string, directory: string, kinds: FileKinds): Promise<readonly string[]> {
  const absolute = resolve(directory, path);
  const found = await stat(absolute).catch(() => null);
  if (found?.isFile()) return [absolute];
  const isGlob = !found && /[*?[{]/.test(path);
  if (!found && !isGlob) {
    throw new ToolFault({ file: path, line: null }, `expected ${kinds.expected}; there is no such file or folder`);
  }
  if (found && !found.isDirectory()) {
    const message = 'found a pipe or a device, which may have no end; save its content as a file';
    throw new ToolFault({ file: path, line: null }, `expected ${kinds.expected}; ${message}`);
  }
  const all = isGlob ? await matching(path, directory) : await below(absolute, kinds.endings, directory);
  const paths = all.toSorted();
  if (paths.length > 0) return paths;
  const searched = isGlob ? 'no file matches' : `no file ends with ${kinds.endings.join(', ')}`;
  throw new ToolFault({ file: path, line: null }, `expected ${kinds.expected}; ${searched}`);
}

async function matching(pattern: string, directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const options = { cwd: directory, withFileTypes: true, exclude: (entry: { name: string }) => isSkipped(entry.name) };
  for await (const entry of glob(pattern, options as { cwd: string; withFileTypes: true })) {
    if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
    if (found.length > maxFiles) break;
  }
  return found;
}

/** Finds the files below a folder. It follows links. A folder is searched one time, because links can form a circle. */
async function below(folder: string, endings: readonly string[], directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = new Set([await realpath(folder)]);
  const paths = [folder];
  for (const open of paths) {
    for (const entry of await entriesOf(open, directory)) {
      if (isSkipped(entry.name)) continue;
      const path = join(open, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(path).catch(() => null) : entry;
      if (kind?.isDirectory()) {
        const real = await realpath(path);
        if (!folders.has(real)) paths.push(path);
        folders.add(real);
      } else if (endings.includes(extname(entry.name)) && (!kind || kind.isFile())) found.push(path);
    }
    if (found.length > maxFiles) break;
  }
  return found;
}

async function entriesOf(folder: string, directory: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const place = { file: nameOf(folder, directory), line: null };
    throw new ToolFault(place, `expected a folder that can be read; found ${codeOf(error)}`);
  }
}

/** Returns the name of a file for messages: relative to the working directory, if the file is below it. */
function nameOf(path: string, directory: string): string {
  const name = relative(directory, path);
  return (name.startsWith('..') ? path : name).split(sep).join('/');
}

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Misuse } from '../misuse.ts';
import type { ProjectFile } from './files/manager.ts';

/**
 * Writes files into a folder. First, all files are written into a new folder beside them. If this fails, nothing has
 * changed. Then each file is moved to its name.
 *
 * @param fill - writes further files into the new folder. They are moved too
 */
export async function writeFiles(
  folder: string,
  files: readonly ProjectFile[],
  fill?: { readonly path: string; readonly write: (into: string) => Promise<readonly string[]> },
): Promise<void> {
  const staged = mkdtempSync(join(folder, '.claimgate-init-'));
  try {
    const names = files.map(([name]) => name);
    for (const [name, text] of files) {
      mkdirSync(dirname(join(staged, name)), { recursive: true });
      // The file with the variables of this machine may get secrets.
      writeFileSync(join(staged, name), text, { mode: name === '.env' ? 0o600 : 0o644 });
    }
    if (fill) {
      mkdirSync(join(staged, fill.path));
      for (const name of await fill.write(join(staged, fill.path))) names.push(`${fill.path}/${name}`);
    }
    for (const name of names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      renameSync(join(staged, name), join(folder, name));
    }
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/**
 * Returns the files that exist already.
 *
 * @param names - with slashes
 * @throws Misuse if a folder is at the place of a file, or a file at the place of a folder
 */
export function existingOf(folder: string, names: readonly string[]): readonly string[] {
  const isFolder = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory();
  for (const name of names) {
    if (isFolder(name) === true) throw new Misuse(`${name}: expected a file or nothing there; found a folder`);
    const above = dirname(name);
    if (isFolder(above) === false) throw new Misuse(`${above}: expected a folder or nothing there; found a file`);
  }
  return names.filter((name) => existsSync(join(folder, name)));
}

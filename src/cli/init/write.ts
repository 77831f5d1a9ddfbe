import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProjectFile } from './files/manager.ts';

/**
 * Writes files into a folder. First, all files are written into a new folder beside them. If this fails, nothing has
 * changed.
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

/** Returns the files that exist already. */
export function existingOf(folder: string, files: readonly ProjectFile[]): readonly string[] {
  return files.map(([name]) => name).filter((name) => existsSync(join(folder, name)));
}

import { closeSync, fsyncSync, linkSync, openSync, renameSync } from 'node:fs';
import { BackupFault } from './fault.ts';

/** Waits until the content of a file, or the names in a folder, are on the disk. */
export function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** The errors of file systems without hard links. */
const withoutLinks: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a file another name. It never replaces a file, even if another process makes one at the same time. The first
 * name may stay.
 *
 * @param link makes a hard link. Default: `linkSync`
 * @throws BackupFault if there is a file with the new name
 */
export function nameNew(path: string, name: string, link: (path: string, name: string) => void = linkSync): void {
  try {
    link(path, name);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw new BackupFault(`${name} exists: another process made it meanwhile`, { cause: error });
    if (!withoutLinks.has(code)) throw error;
    // An empty file reserves the name.
    nameNew(path, name, (_path, reserved) => closeSync(openSync(reserved, 'wx', 0o600)));
    renameSync(path, name);
  }
}

import { closeSync, fsyncSync, linkSync, openSync } from 'node:fs';
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

/**
 * Gives a file a second name. It never replaces a file, even if another process makes one at the same time.
 *
 * @throws BackupFault if there is a file with the new name
 */
export function linkNew(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new BackupFault(`${name} exists: another process made it meanwhile`, { cause: error });
    throw error;
  }
}

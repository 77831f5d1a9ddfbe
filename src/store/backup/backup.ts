import { closeSync, existsSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databasePath } from '../sqlite/location.ts';
import { checkFile, type FileContent } from './content.ts';
import { BackupFault } from './fault.ts';
import { flush, nameNew } from './files.ts';
import { removeUnfinished, unfinishedPath } from './unfinished.ts';

/** A finished backup. */
export interface Backup extends FileContent {
  readonly path: string;
  readonly bytes: number;
}

/** How long the copy waits for a lock of another process, in milliseconds. It blocks the thread of the command. */
const lockTimeoutMs = 10_000;

/**
 * Copies a SQLite database into a new file with the mode 0600. Servers may write meanwhile. The copy has every change
 * that was committed before the call, and no part of a transaction (`VACUUM INTO`). The copy is checked and flushed to
 * the disk before the file gets its name. Therefore a file with this name is always complete.
 *
 * @param url the URL of the database
 * @param file the path of the backup
 * @param replace whether an existing file may be replaced. The database itself is never replaced
 * @throws BackupFault if there is no database, the file exists, or the copy is damaged. Then nothing is written
 */
export function backUpFile(url: string, file: string, replace: boolean): Backup {
  const database = databasePath(url);
  const path = resolve(file);
  if (!existsSync(database)) throw new BackupFault(`there is no database at ${database}`);
  checkPlace(database, path, replace);
  removeUnfinished(path, 'partial');
  const partial = unfinishedPath(path, 'partial');
  try {
    copyDatabase(new DatabaseSync(database, { timeout: lockTimeoutMs }), partial);
    const content = checkFile(partial);
    flush(partial);
    if (replace) renameSync(partial, path);
    else nameNew(partial, path);
    flush(dirname(path));
    return { path, bytes: statSync(path).size, ...content };
  } finally {
    rmSync(partial, { force: true });
  }
}

/**
 * Copies a database into a new file with the mode 0600, and closes the database.
 *
 * @throws the error of SQLite or of the file system
 */
export function copyDatabase(source: DatabaseSync, to: string): void {
  try {
    // SQLite would make the file readable by others. It fills an empty file that exists.
    closeSync(openSync(to, 'wx', 0o600));
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
}

function checkPlace(database: string, path: string, replace: boolean): void {
  const folder = dirname(path);
  if (!existsSync(folder)) throw new BackupFault(`${folder}: expected an existing folder for the backup`);
  if (isPartOf(database, path)) throw new BackupFault(`${path} is the database itself: name another file`);
  if (!existsSync(path)) return;
  if (!statSync(path).isFile()) throw new BackupFault(`${path}: expected the path of a file, or a new path`);
  if (!replace) throw new BackupFault(`${path} exists: name a new file, or add --yes to replace it`);
}

/** Whether a path is the database, another name of it, or one of the files that SQLite keeps beside it. */
function isPartOf(database: string, path: string): boolean {
  const real = realpathSync(database);
  const named = existsSync(path) ? realpathSync(path) : resolve(realpathSync(dirname(path)), path);
  if (['', '-wal', '-shm', '-journal'].some((end) => named === real + end || path === database + end)) return true;
  if (!existsSync(path)) return false;
  const [one, other] = [statSync(database), statSync(path)];
  return one.ino === other.ino && one.dev === other.dev;
}

import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Dialect } from 'kysely';
import { databaseReason } from '../outage/reason.ts';
import { openSqlite, readSqlite, sqliteDialect } from './dialect.ts';

/** Returns the dialect for a database file, which is created at the first statement. */
export function fileDialect(url: string): Dialect {
  const path = databasePath(url);
  return sqliteDialect(() => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    closeToOthers(path);
    return openSqlite(path);
  });
}

/** Returns the dialect for reading an existing file. @throws Error if there is no file */
export function readOnlyFileDialect(url: string): Dialect {
  const path = databasePath(url);
  if (!existsSync(path)) throw new Error(`there is no database at ${path}`);
  return sqliteDialect(() => readSqlite(path));
}

/**
 * Removes the rights of the group and of other users to a database file, because the file contains signing keys.
 *
 * Only the owner may change the mode of a file. In OpenShift, the user of a container may change at each start, and
 * only the group stays the same. On some network volumes, modes cannot be changed. If the mode cannot be changed, it
 * may stay if it gives other users no rights.
 *
 * @throws Error if the mode cannot be changed and gives other users rights, or if `chmod` fails for another reason
 */
function closeToOthers(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP') throw error;
    if (isOpenToOthers(path)) throw new Error(openToOthers(path), { cause: error });
  }
}

function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & 0o007) !== 0;
}

function openToOthers(path: string): string {
  return `others may use ${path}, which holds signing keys, and its mode cannot be changed by this user: run \`chmod o=\` as its owner, or mount the volume so`;
}

/** How long `fileFault` waits for another process that has the file locked, in milliseconds. It blocks the thread. */
const lockTimeoutMs = 2_000;

/** Checks whether the file can be opened, without creating or changing anything. @returns why it cannot; null if it can */
export function fileFault(url: string): string | null {
  const path = databasePath(url);
  try {
    const folder = nearestFolder(path);
    if (!statSync(folder).isDirectory()) return `${folder} is a file: expected a folder there`;
    // SQLite creates further files beside the database.
    accessSync(folder, constants.W_OK | constants.X_OK);
    if (!existsSync(path)) return null;
    if (statSync(path).isDirectory()) return `${path} is a folder: expected a file, or none`;
    accessSync(path, constants.R_OK | constants.W_OK);
    const user = process.geteuid?.() ?? 0;
    if (user !== 0 && statSync(path).uid !== user && isOpenToOthers(path)) return openToOthers(path);
    // Another process that starts now may have the new file locked for a moment, while it switches the file to WAL.
    const database = new DatabaseSync(path, { readOnly: true, timeout: lockTimeoutMs });
    try {
      database.prepare('PRAGMA schema_version').get();
    } finally {
      database.close();
    }
    return null;
  } catch (error) {
    return databaseReason(error) ?? (error instanceof Error ? error.message : String(error));
  }
}

/**
 * Returns the path that a `file:` URL names. `file:data/x.db` is relative; `file:/data/x.db` and `file:///data/x.db`
 * are absolute.
 */
export function databasePath(url: string): string {
  return resolve(url.replace(/^file:/, '').replace(/^\/\/(?=\/)/, ''));
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) ? parent : nearestFolder(parent);
}

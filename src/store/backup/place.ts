import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { oneLine } from '../outage/reason.ts';
import { isBusy } from '../sqlite/busy.ts';
import { BackupFault } from './fault.ts';
import { flush, nameNew } from './files.ts';

/** The ends of the names of the files that SQLite keeps beside a database. */
const besides = ['-wal', '-shm', '-journal'];

/**
 * Checks that a database file can be put at a path: no file is there, or it may be replaced and no process has it open.
 * Changes nothing.
 *
 * @param replace whether an existing database may be replaced
 * @throws BackupFault with the reason
 */
export function checkTarget(path: string, replace: boolean): void {
  if (!existsSync(path)) {
    const rest = besides.map((end) => path + end).find((name) => existsSync(name));
    // SQLite would take the changes in this file for changes of the new database.
    if (rest !== undefined) throw new BackupFault(`${rest} belongs to a database that is missing: move it away first`);
    return;
  }
  if (!replace) throw new BackupFault(`there is a database at ${path}: add --yes to replace it with the backup`);
  checkUnused(path);
}

/**
 * Puts a database file at a path. The step is atomic: after a crash, the old or the new database is there. A server that
 * starts meanwhile waits, and then finds the new database.
 *
 * @param from a closed database file in the same folder. It may be removed afterwards
 * @throws BackupFault if a process has the old database open. Then nothing is changed
 */
export function placeFile(from: string, path: string): void {
  flush(from);
  if (existsSync(path)) replaceContent(from, path);
  else nameNew(from, path);
  flush(dirname(path));
}

/** @throws BackupFault if another process has the database open, or it cannot be used */
export function checkUnused(path: string): void {
  openAlone(path).close();
}

/** Removes a database file and the files that SQLite keeps beside it. */
export function removeFile(path: string): void {
  for (const end of ['', ...besides]) rmSync(path + end, { force: true });
}

/**
 * Replaces the tables of a database in one transaction. The file itself stays. If another file got its name instead, a
 * server that starts at the same time could still open the old file.
 */
function replaceContent(from: string, path: string): void {
  const database = openAlone(path);
  try {
    database.prepare('ATTACH ? AS restored').run(from);
    database.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE');
    const restored = schemaOf(database, 'restored');
    // SQLite makes an empty database if the file is missing.
    if (restored.length === 0) throw new BackupFault(`${from}: expected the restored database; it is empty or missing`);
    for (const { type, name } of schemaOf(database, 'main')) {
      if (type === 'table' || type === 'view') database.exec(`DROP ${type} main.${quoted(name)}`);
    }
    for (const { type, name, sql } of restored) {
      database.exec(String(sql));
      if (type === 'table') database.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM restored.${quoted(name)}`);
    }
    database.exec('COMMIT');
  } finally {
    // This rolls an unfinished transaction back. A server switches the file to WAL again.
    database.close();
  }
}

/** Returns the tables first, then everything that depends on them. Leaves out what SQLite makes by itself. */
function schemaOf(database: DatabaseSync, schema: 'main' | 'restored') {
  return database
    .prepare(
      `select type, name, sql from ${schema}.sqlite_schema where sql is not null and name not like 'sqlite@_%' escape '@' order by type != 'table', rowid`,
    )
    .all();
}

function quoted(name: unknown): string {
  return `"${String(name).replaceAll('"', '""')}"`;
}

/**
 * Opens a database that no other process has open. Until the connection is closed, no other process can use it.
 *
 * SQLite refuses to leave WAL while another connection is open. A server has its connection open from its start to its
 * end.
 *
 * @throws BackupFault if another process has it open, or it is not a database
 */
function openAlone(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT');
    return database;
  } catch (error) {
    database.close();
    if (isBusy(error))
      throw new BackupFault(`another process has ${path} open: stop every server on this database first`, {
        cause: error,
      });
    const reason = error instanceof Error ? oneLine(error.message) : String(error);
    throw new BackupFault(
      `${path}: expected a database that can be replaced; ${reason}; move it away with the files beside it, and run the command again`,
      { cause: error },
    );
  }
}

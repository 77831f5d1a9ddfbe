import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { SqliteDriver } from './driver.ts';

/**
 * Kysely's dialect for `node:sqlite`.
 *
 * @param open called at the first statement
 */
export function sqliteDialect(open: () => DatabaseSync): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => new SqliteDriver(open),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/**
 * Opens a database file for writing.
 *
 * The file uses WAL with `synchronous=FULL`. With a weaker setting, a commit may be missing after a power failure. Then
 * a used code would be accepted again.
 *
 * The function never waits for a lock, because the wait would block the only thread. If two processes switch a new file
 * to WAL at the same time, SQLite refuses one of them at once. The driver tries again.
 *
 * @param path created if absent
 * @throws an error with the code SQLITE_BUSY if another process has the file locked. Throws another error if the file
 *   cannot be opened or is not a database
 */
export function openSqlite(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens a database file to read it.
 *
 * A process that writes has a write-ahead log beside the file. If there is no log, no process writes. Then the file is
 * declared immutable. Otherwise SQLite would create a log.
 *
 * @throws if the file cannot be opened or is not a database
 */
export function readSqlite(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: readTimeoutMs });
}

/** How long a process that only reads waits for other processes, in milliseconds. */
const readTimeoutMs = 5_000;

class Adapter extends SqliteAdapter {
  /** Migrations run inside one transaction. Therefore two processes that start together run them only once. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** Statements of several callers may overlap. The driver orders them. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

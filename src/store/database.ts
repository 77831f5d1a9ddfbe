import { accessSync, chmodSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { migrate } from './migrations.ts';
import { openSqlite, readSqlite, sqliteDialect } from './sqlite.ts';
import type { Store, Tables } from './tables.ts';

export interface StoreOptions {
  /** Called once for every SQL statement, with its text and without its parameters. Default: not at all. */
  readonly onStatement?: (sql: string) => void;
}

/**
 * The database at a URL. Nothing is opened, made or migrated before the first statement.
 *
 * @param url `file:` and a path, relative to the working directory or absolute. The file is made with mode 0600, in a
 *   folder of mode 0700 where that is made too: it holds signing keys.
 */
export function createStore(url: string, { onStatement }: StoreOptions = {}): Store {
  const path = databasePath(url);
  return new Kysely<Tables>({
    dialect: sqliteDialect(() => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      closeSync(openSync(path, 'a', 0o600));
      chmodSync(path, 0o600);
      return openSqlite(path);
    }),
    ...(onStatement && {
      log: (event) => {
        if (event.level === 'query') onStatement(event.query.sql);
      },
    }),
  });
}

/**
 * The database at a URL, to be read as it is: nothing is made or migrated, not even the files that SQLite would keep beside it.
 *
 * @throws Error where there is none; what cannot be read is told by the first statement
 */
export function openReadOnly(url: string): Store {
  const path = databasePath(url);
  if (!existsSync(path)) throw new Error(`there is no database at ${path}`);
  return new Kysely<Tables>({ dialect: sqliteDialect(() => readSqlite(path)) });
}

/** The database at a URL, with its tables up to date. @throws if it cannot be opened, read or migrated */
export async function openDatabase(url: string, options: StoreOptions = {}): Promise<Store> {
  const store = createStore(url, options);
  await migrate(store);
  return store;
}

/**
 * What would keep the database from being opened, found without making or changing anything.
 *
 * @returns the reason; null if none was found
 */
export function databaseFault(url: string): string | null {
  const path = databasePath(url);
  try {
    if (!existsSync(path)) {
      accessSync(nearestFolder(path), constants.W_OK);
      return null;
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      database.prepare('PRAGMA schema_version').get();
    } finally {
      database.close();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The file that a `file:` URL of ours names: `file:data/x.db` is relative, `file:/data/x.db` and `file:///data/x.db` are not. */
export function databasePath(url: string): string {
  return resolve(url.replace(/^file:/, '').replace(/^\/\/(?=\/)/, ''));
}

function nearestFolder(path: string): string {
  const parent = dirname(path);
  return existsSync(parent) ? parent : nearestFolder(parent);
}

import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDatabase,
  SqliteDriver,
  type SqliteStatement,
} from 'kysely';

/** How long a writer waits for another process's transaction, in milliseconds. */
const busyTimeout = 5_000;
/**
 * The same after one has waited in vain, until a write succeeds again: SQLite waits in our only thread, and what waited one after
 * another would keep everybody from everything.
 */
const impatience = 50;

/**
 * Kysely's dialect for `node:sqlite`.
 *
 * @param open called at the first statement
 */
export function sqliteDialect(open: () => DatabaseSync): Dialect {
  const config = { database: async () => asKyselyExpects(open()) };
  const dialect = new SqliteDialect(config);
  return {
    createAdapter: () => new TransactionalDdl(),
    createDriver: () => new ImmediateDriver(config),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/**
 * Opens a database file for writing.
 *
 * WAL with `synchronous=FULL`: a weaker setting may lose a commit when the power goes, and so bring a used code back to life.
 *
 * @param path created if absent
 * @throws if the file cannot be opened or is not a database
 */
export function openSqlite(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyTimeout });
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
 * Whoever writes keeps a write-ahead log beside the file. Where there is none nobody writes, and to declare the file immutable
 * keeps SQLite from making one.
 *
 * @throws if the file cannot be opened or is not a database
 */
export function readSqlite(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: busyTimeout });
}

/** Migrations run inside one transaction, so that two processes that start together run them once. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** A deferred transaction that reads and then writes fails at once, whatever the time-out, when another process wrote between. */
class ImmediateDriver extends SqliteDriver implements Driver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** Where the disk is full SQLite has rolled back by itself, and what it says of a second time would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection);
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error;
    }
  }
}

/** The part of better-sqlite3's interface that Kysely uses, over `node:sqlite`. */
function asKyselyExpects(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  const patient = patience(database);
  return {
    close: () => {
      if (database.isOpen) database.close();
    },
    prepare: (sql) => {
      let statement = prepared.get(sql);
      if (!statement) {
        statement = asStatement(database.prepare(sql), patient);
        prepared.set(sql, statement);
      }
      return statement;
    },
  };
}

type Patient = <T>(write: () => T) => T;

function patience(database: DatabaseSync): Patient {
  let patient = true;
  const wait = (milliseconds: number) => {
    database.exec(`PRAGMA busy_timeout = ${milliseconds}`);
    patient = milliseconds === busyTimeout;
  };
  return (write) => {
    try {
      const answer = write();
      if (!patient) wait(busyTimeout);
      return answer;
    } catch (error) {
      if (patient && error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) wait(impatience);
      throw error;
    }
  };
}

const sqliteBusy = 5;

function asStatement(statement: StatementSync, patient: Patient): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(bound)),
    run: (parameters) => patient(() => statement.run(...parameters.map(bound))),
    iterate: (parameters) => statement.iterate(...parameters.map(bound)),
  };
}

/** `node:sqlite` takes a lone object for named parameters and binds nothing: only plain values may pass. */
function bound(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value === null)
    return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`A SQL parameter must be a string, number, bigint, boolean, bytes or null, not ${typeof value}`);
}

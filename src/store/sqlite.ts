import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  type AbortableOperationOptions,
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
const patience = 5_000;
/** The same after one has waited in vain, until a write succeeds again: they wait one after another. */
const impatience = 50;
/** How long it waits before it tries again, in milliseconds: up to this, by chance, so that nobody is passed over for long. */
const pause = 8;

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
    createDriver: () => new PatientDriver(config),
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
  const database = new DatabaseSync(path, { timeout: openTimeout });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    // From now on nothing waits in our only thread: whoever finds the file locked tries again (PatientDriver).
    database.exec('PRAGMA busy_timeout = 0');
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
  return new DatabaseSync(url, { readOnly: true, timeout: openTimeout });
}

/** How long the opening of a file waits for other processes, in milliseconds. */
const openTimeout = 5_000;

/** Migrations run inside one transaction, so that two processes that start together run them once. */
class TransactionalDdl extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * A file has one writer at a time, of whatever process. Whoever finds it taken tries again in a moment, and the process goes on
 * meanwhile: SQLite itself would wait in its only thread, with everybody in it, and longer each time.
 */
class PatientDriver extends SqliteDriver implements Driver {
  #patience = patience;
  #known = new WeakSet<DatabaseConnection>();

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    if (this.#known.has(connection)) return connection;
    this.#known.add(connection);
    // The driver wants to have back the very connection that it gave.
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = async <R>(query: CompiledQuery, options?: AbortableOperationOptions) => {
      const until = performance.now() + this.#patience;
      for (;;) {
        try {
          const answer = await execute<R>(query, options);
          // A read says nothing of whether there is room for a writer.
          if (answer.numAffectedRows !== undefined) this.#patience = patience;
          return answer;
        } catch (error) {
          if (!isBusy(error)) throw error;
          if (performance.now() >= until) {
            this.#patience = impatience;
            throw error;
          }
          await setTimeout(1 + Math.random() * pause);
        }
      }
    };
    return connection;
  }

  /** A deferred transaction that reads and then writes fails at once, however patient, when another process wrote between. */
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
  return {
    close: () => {
      if (database.isOpen) database.close();
    },
    prepare: (sql) => {
      let statement = prepared.get(sql);
      if (!statement) {
        statement = asStatement(database.prepare(sql));
        prepared.set(sql, statement);
      }
      return statement;
    },
  };
}

/** SQLITE_BUSY and what is said of it more exactly (https://sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5
  );
}

function asStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(bound)),
    run: (parameters) => statement.run(...parameters.map(bound)),
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

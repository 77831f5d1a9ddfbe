import { dirname } from 'node:path';
import { type Dialect, Kysely } from 'kysely';
import { databasePath, fileDialect, fileFault, readOnlyFileDialect } from './sqlite/location.ts';
import { migrate } from './migrations.ts';
import { type PoolState, postgresDialect } from './postgres/dialect.ts';
import { migrationTimeouts, type PostgresTimeouts } from './postgres/options.ts';
import { postgresFault } from './postgres/fault.ts';
import type { Store, Tables } from './tables.ts';
import { type OnUnavailable, reportingDialect, type TraceStatement } from './outage/reporting.ts';

/** Functions that are called for statements. */
export interface StoreOptions {
  /**
   * Called once for every SQL statement that succeeded, with its text and the number of its parameters. Default: no-op.
   */
  readonly onStatement?: (sql: string, parameters: number) => void;
  /** Called for each statement that failed because the database is unavailable. Must not throw. Default: no-op. */
  readonly onUnavailable?: OnUnavailable;
  /** Called for each statement with its kind. Default: no-op. */
  readonly trace?: TraceStatement;
  /** The time limits of connections to PostgreSQL. Default: `requestTimeouts`. */
  readonly timeouts?: PostgresTimeouts;
}

/**
 * Returns the database at a URL. The database is opened or connected at the first statement. Nothing is migrated. If
 * the database is unavailable, every statement throws ClaimgateError `DATABASE_UNAVAILABLE` with the reason.
 *
 * @param url `postgres://…`, or `file:` and a path, which is absolute or relative to the working directory. A new file
 *   has the mode 0600, and a new folder the mode 0700, because the file contains signing keys.
 */
export function createStore(url: string, options: StoreOptions = {}): Store {
  if (!isPostgres(url)) return storeOf(fileDialect(url), options);
  const { dialect, pool } = postgresDialect(url, options.timeouts);
  const store = storeOf(dialect, options);
  pools.set(store, pool);
  return store;
}

/** For each PostgreSQL database, a function that returns the state of its pool. */
const pools = new WeakMap<Store, () => PoolState>();

/** Returns the state of the pool of a PostgreSQL database; null for a file, which has one connection. */
export function poolState(store: Store): PoolState | null {
  return pools.get(store)?.() ?? null;
}

/**
 * Opens the database at a URL to read it. Creates and migrates nothing. A SQLite file is opened read-only, and SQLite
 * creates no files beside it. The connections to PostgreSQL do not refuse writes; the caller must not write.
 *
 * @throws Error if there is no SQLite file. If the file cannot be read, the first statement throws.
 */
export function openReadOnly(url: string): Store {
  return isPostgres(url) ? createStore(url) : storeOf(readOnlyFileDialect(url), {});
}

/** Opens the database at a URL and migrates its tables. @throws if it cannot be opened, read or migrated */
export async function openDatabase(url: string, options: StoreOptions = {}): Promise<Store> {
  const store = createStore(url, options);
  await migrateDatabase(url, store);
  return store;
}

/**
 * Migrates the tables of a database to this version.
 *
 * @param store the database at the same URL. For PostgreSQL, the migrations use a connection with longer time limits.
 * @throws the error of the failed migration. Then no table has changed.
 */
export async function migrateDatabase(url: string, store: Store): Promise<void> {
  if (!isPostgres(url)) return migrate(store);
  const migrating = storeOf(postgresDialect(url, migrationTimeouts).dialect, {});
  try {
    await migrate(migrating);
  } finally {
    await migrating.destroy();
  }
}

/**
 * Checks whether the database can be used, without creating or changing anything.
 *
 * @returns why it cannot be used, without a password; null if no fault was found
 */
export async function databaseFault(url: string): Promise<string | null> {
  return isPostgres(url) ? postgresFault(url) : fileFault(url);
}

/**
 * Returns the folder for files that belong to a database. For SQLite, this is the folder of the database file. For
 * PostgreSQL, it is the working directory.
 */
export function dataFolder(url: string): string {
  return isPostgres(url) ? process.cwd() : dirname(databasePath(url));
}

/** Whether a URL begins with `postgres://` or `postgresql://`. */
export function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(url);
}

/**
 * Returns a database URL for messages and logs: without its password, its parameters and its fragment. Parameters and
 * fragment may contain a password.
 */
export function printableUrl(url: string): string {
  if (!isPostgres(url)) return url;
  // A URL without a host names a socket of this machine. The folder of the socket is among the parameters.
  const parsed = URL.parse(url.replace('@/', '@localhost/'));
  // A password that is not percent-encoded may contain one of these characters. Then a part of the password looks like
  // a path, query or fragment.
  if (!parsed || parsed.hash || parsed.pathname.includes('@') || parsed.search.includes('@')) return 'postgres://…';
  const password = parsed.password ? ':…' : '';
  const user = parsed.username || password ? `${parsed.username}${password}@` : '';
  return `${parsed.protocol}//${user}${url.includes('@/') ? '' : parsed.host}${parsed.pathname}`;
}

function storeOf(dialect: Dialect, { onStatement, onUnavailable = () => {}, trace }: StoreOptions): Store {
  return new Kysely<Tables>({
    dialect: reportingDialect(dialect, onUnavailable, trace ?? null),
    ...(onStatement && {
      log: (event) => {
        if (event.level === 'query') onStatement(event.query.sql, event.query.parameters.length);
      },
    }),
  });
}

import { dirname } from 'node:path';
import { type Dialect, Kysely } from 'kysely';
import { databasePath, fileDialect, fileFault, readOnlyFileDialect } from './sqlite/location.ts';
import { migrate } from './migrations.ts';
import { type PoolState, postgresDialect } from './postgres/dialect.ts';
import { migrationPatience } from './postgres/options.ts';
import { postgresFault } from './postgres/fault.ts';
import type { Store, Tables } from './tables.ts';
import { type OnUnavailable, tellingDialect, type TraceStatement } from './outage/telling.ts';

export interface StoreOptions {
  /** Called once for every SQL statement, with its text and the number of its parameters. Default: no-op. */
  readonly onStatement?: (sql: string, parameters: number) => void;
  /** Hears of each statement that failed because the database is unavailable. May not throw. Default: nobody. */
  readonly onUnavailable?: OnUnavailable;
  /** Hears of each statement by its kind. Default: nobody. */
  readonly trace?: TraceStatement;
}

/**
 * The database at a URL. Where it is unavailable, every statement throws ClaimgateError `DATABASE_UNAVAILABLE` with the reason.
 * Nothing is opened, made, connected or migrated before the first statement.
 *
 * @param url `postgres://…`; or `file:` and a path, relative to the working directory or absolute. The file is made with mode
 *   0600, in a folder of mode 0700 where that is made too: it holds signing keys.
 */
export function createStore(url: string, options: StoreOptions = {}): Store {
  if (!isPostgres(url)) return storeOf(fileDialect(url), options);
  const { dialect, pool } = postgresDialect(url);
  const store = storeOf(dialect, options);
  pools.set(store, pool);
  return store;
}

/** The pools there are. Weak: with the database gone, so are they. */
const pools = new WeakMap<Store, () => PoolState>();

/** How the connections to a PostgreSQL database are used at this moment; null for a file, which has one. */
export function poolState(store: Store): PoolState | null {
  return pools.get(store)?.() ?? null;
}

/**
 * The database at a URL, to be read as it is: nothing is made or migrated, not even the files that SQLite would keep beside it.
 *
 * @throws Error where there is no file; what cannot be read is told by the first statement
 */
export function openReadOnly(url: string): Store {
  return isPostgres(url) ? createStore(url) : storeOf(readOnlyFileDialect(url), {});
}

/** The database at a URL, with its tables up to date. @throws if it cannot be opened, read or migrated */
export async function openDatabase(url: string, options: StoreOptions = {}): Promise<Store> {
  const store = createStore(url, options);
  await migrateDatabase(url, store);
  return store;
}

/**
 * Brings the tables of a database up to date.
 *
 * @param store of the same URL. For PostgreSQL a connection of its own is used, whose statements may take long.
 * @throws what the failed migration threw; nothing of it remains
 */
export async function migrateDatabase(url: string, store: Store): Promise<void> {
  if (!isPostgres(url)) return migrate(store);
  const patient = storeOf(postgresDialect(url, migrationPatience).dialect, {});
  try {
    await migrate(patient);
  } finally {
    await patient.destroy();
  }
}

/**
 * What would keep the database from being used, found without making or changing anything.
 *
 * @returns the reason, without a password; null if none was found
 */
export async function databaseFault(url: string): Promise<string | null> {
  return isPostgres(url) ? postgresFault(url) : fileFault(url);
}

/** Where what belongs to a database may be kept besides it: the folder of its file, or the working directory. */
export function dataFolder(url: string): string {
  return isPostgres(url) ? process.cwd() : dirname(databasePath(url));
}

/** Whether it is `postgres://` or `postgresql://`. */
export function isPostgres(url: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(url);
}

/** A database URL as it may be printed: without a password, parameters and fragment, which may hold one. */
export function printableUrl(url: string): string {
  if (!isPostgres(url)) return url;
  // Without a host it is a socket of this machine, whose folder is among the parameters.
  const parsed = URL.parse(url.replace('@/', '@localhost/'));
  // Where one of these stands behind the host, it may belong to a password that was not percent-encoded.
  if (!parsed || parsed.hash || parsed.pathname.includes('@') || parsed.search.includes('@')) return 'postgres://…';
  const password = parsed.password ? ':…' : '';
  const user = parsed.username || password ? `${parsed.username}${password}@` : '';
  return `${parsed.protocol}//${user}${url.includes('@/') ? '' : parsed.host}${parsed.pathname}`;
}

function storeOf(dialect: Dialect, { onStatement, onUnavailable = () => {}, trace }: StoreOptions): Store {
  return new Kysely<Tables>({
    dialect: tellingDialect(dialect, onUnavailable, trace ?? null),
    ...(onStatement && {
      log: (event) => {
        if (event.level === 'query') onStatement(event.query.sql, event.query.parameters.length);
      },
    }),
  });
}

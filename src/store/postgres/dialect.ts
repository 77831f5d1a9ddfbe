import { type Dialect as KyselyDialect, PostgresAdapter, PostgresDialect } from 'kysely';
import pg from 'pg';
import { beginWithTimeouts, refusesSettings } from './pooler.ts';
import { connectionOptions, type PostgresTimeouts, requestTimeouts } from './options.ts';

/** How many connections the pool of one process has at most. The connection that listens for notices is not counted. */
const maxConnections = 10;

/** The present state of the pool of a process. */
export interface PoolState {
  readonly open: number;
  readonly idle: number;
  /** How many requests wait for a connection. */
  readonly waiting: number;
}

/** A dialect of Kysely over a pool, and the state of the pool. */
export interface PostgresStoreParts {
  readonly dialect: KyselyDialect;
  readonly pool: () => PoolState;
}

/** Returns the dialect for a PostgreSQL database. @param url `postgres://…`. It connects at the first statement. */
export function postgresDialect(url: string, timeouts: PostgresTimeouts = requestTimeouts): PostgresStoreParts {
  const pool = createPool(url, timeouts);
  return {
    dialect: new Dialect({ pool: async () => checkedPool(pool, timeouts) }),
    pool: () => {
      const { totalCount, idleCount, waitingCount } = pool.current();
      return { open: totalCount, idle: idleCount, waiting: waitingCount };
    },
  };
}

/** The pool of a process. If a pooler refuses settings of the session, a pool without settings replaces it. */
interface ReplaceablePool {
  readonly current: () => pg.Pool;
  readonly connect: () => Promise<pg.PoolClient>;
}

function createPool(url: string, timeouts: PostgresTimeouts): ReplaceablePool {
  const make = (settings: boolean) => {
    const made = new pg.Pool({
      ...connectionOptions(url, { timeouts, settings }),
      max: maxConnections,
      idleTimeoutMillis: 30_000,
    });
    // The pool removes an idle connection that breaks. Without a listener, its error would end the process.
    made.on('error', () => {});
    return made;
  };
  const first = make(true);
  let pool = first;
  return {
    current: () => pool,
    async connect() {
      const current = pool;
      try {
        return await current.connect();
      } catch (error) {
        if (current !== first || !refusesSettings(error)) throw error;
        // If several connections are refused at once, the first refusal replaces the pool.
        if (pool === first) {
          pool = make(false);
          void first.end().catch(() => {});
        }
        return pool.connect();
      }
    },
  };
}

/**
 * Kysely would lock the session. Behind a pooler, this lock would stay in the session. Therefore migrations take their
 * lock in their transaction (migrations.ts).
 */
class Adapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}

class Dialect extends PostgresDialect {
  override createAdapter(): Adapter {
    return new Adapter();
  }
}

/** Whether a database or transaction uses PostgreSQL. */
export function speaksPostgres(db: { getExecutor(): { readonly adapter: unknown } }): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

type KyselyPool = Awaited<
  ReturnType<Extract<ConstructorParameters<typeof PostgresDialect>[0]['pool'], (...args: never) => unknown>>
>;
type KyselyClient = Awaited<ReturnType<KyselyPool['connect']>>;

/**
 * Returns a pool that closes a connection after an error of the driver, such as a time-out. A late answer on the
 * connection could be taken for the answer to the next statement.
 *
 * An error that the server sends has a SQLSTATE, and the connection stays usable. There are two exceptions: class 57P
 * ends the connection, and 25006 means that the server accepts no writes. A likely cause of 25006 is a failover: this
 * server was the primary.
 */
function checkedPool(pool: ReplaceablePool, timeouts: PostgresTimeouts): KyselyPool {
  return {
    options: pool.current().options,
    end: () => pool.current().end(),
    async connect() {
      const client = await pool.connect();
      let broken = false;
      const fail = (error: unknown): never => {
        broken ||= !(error instanceof pg.DatabaseError) || /^(?:57P|25006)/.test(error.code ?? '');
        throw error;
      };
      // An error of a connection in use rejects its statement. Without a listener, it would also end the process.
      const ignore = () => {
        broken = true;
      };
      client.on('error', ignore);
      const begin = (await keepsSettings(client, timeouts)) ? 'begin' : beginWithTimeouts(timeouts);
      return {
        query: (statement: unknown, parameters?: readonly unknown[]) =>
          // `as`: Kysely uses no cursor here, so the statement is always text.
          client.query(statement === 'begin' ? begin : (statement as string), parameters?.map(storable)).catch(fail),
        release(destroy?: boolean) {
          client.off('error', ignore);
          client.release(destroy || broken);
        },
      } as unknown as KyselyClient; // Kysely's type of `query` also has an overload for cursors.
    },
  };
}

/** For each checked connection, whether its session has the settings. */
const settingsChecked = new WeakMap<pg.PoolClient, boolean>();

/**
 * Whether the session of a connection has the settings that the driver sent. A pooler may ignore them without an error.
 */
async function keepsSettings(client: pg.PoolClient, { statementMs }: PostgresTimeouts): Promise<boolean> {
  const known = settingsChecked.get(client);
  if (known !== undefined) return known;
  try {
    const { rows } = await client.query<{ ms: number }>(
      "select setting::integer as ms from pg_settings where name = 'statement_timeout'",
    );
    const hasSettings = rows[0]?.ms === statementMs;
    settingsChecked.set(client, hasSettings);
    return hasSettings;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * Replaces NUL by U+FFFD. A caller may send NUL, and PostgreSQL does not allow it in text. Stored text never has NUL.
 */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

import { type Dialect as KyselyDialect, PostgresAdapter, PostgresDialect } from 'kysely';
import pg from 'pg';
import { beginWithTimeouts, refusesSettings } from './pooler.ts';
import { connectionOptions, patience, type PostgresPatience } from './options.ts';

/** How many connections one process has at most, besides the one that listens. */
const poolSize = 10;

/** How the connections of a process are used at this moment. */
export interface PoolState {
  readonly open: number;
  readonly idle: number;
  /** Requests that wait for one. */
  readonly waiting: number;
}

/** Kysely's dialect over a pool, and the pool's state. */
export interface PostgresStoreParts {
  readonly dialect: KyselyDialect;
  readonly pool: () => PoolState;
}

/** @param url `postgres://…`; nothing is connected before the first statement */
export function postgresDialect(url: string, limits: PostgresPatience = patience): PostgresStoreParts {
  const pool = createPool(url, limits);
  return {
    dialect: new Dialect({ pool: async () => watchful(pool, limits) }),
    pool: () => {
      const { totalCount, idleCount, waitingCount } = pool.current();
      return { open: totalCount, idle: idleCount, waiting: waitingCount };
    },
  };
}

/** The pool of a process. Where a pooler refuses the settings of a session, one without takes its place. */
interface ReplaceablePool {
  readonly current: () => pg.Pool;
  readonly connect: () => Promise<pg.PoolClient>;
}

function createPool(url: string, limits: PostgresPatience): ReplaceablePool {
  const make = (settings: boolean) => {
    const made = new pg.Pool({
      ...connectionOptions(url, { limits, settings }),
      max: poolSize,
      idleTimeoutMillis: 30_000,
    });
    // An idle connection that breaks is taken out of the pool by the pool itself; unheard, its error would end the process.
    made.on('error', () => {});
    return made;
  };
  const first = make(true);
  let pool = first;
  return {
    current: () => pool,
    async connect() {
      const asked = pool;
      try {
        return await asked.connect();
      } catch (error) {
        if (asked !== first || !refusesSettings(error)) throw error;
        // Of several that are refused at once, the first one replaces the pool.
        if (pool === first) {
          pool = make(false);
          void first.end().catch(() => {});
        }
        return pool.connect();
      }
    },
  };
}

/** The lock of the migrations is taken in their transaction (migrations.ts): a lock of the session would stay in a pooler's. */
class Adapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}

  override async releaseMigrationLock(): Promise<void> {}
}

class Dialect extends PostgresDialect {
  override createAdapter(): Adapter {
    return new Adapter();
  }
}

/** Whether a database, or a transaction on it, speaks PostgreSQL. */
export function speaksPostgres(db: { getExecutor(): { readonly adapter: unknown } }): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

type KyselyPool = Awaited<
  ReturnType<Extract<ConstructorParameters<typeof PostgresDialect>[0]['pool'], (...args: never) => unknown>>
>;
type KyselyClient = Awaited<ReturnType<KyselyPool['connect']>>;

/**
 * A pool that keeps no connection which has failed otherwise than by an answer of the server. After a time-out by our own clock
 * an answer may still come, and would be taken for that of the next statement's owner; so the connection goes.
 *
 * Errors that the server itself sends carry a SQLSTATE and leave the connection in order, with two exceptions: those of class 57P
 * end it, and 25006 says that it leads to a server that takes no writes, which after a failover is the primary of before.
 */
function watchful(pool: ReplaceablePool, limits: PostgresPatience): KyselyPool {
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
      // An error of a connection in use ends its statement; it is told besides, and unheard would end the process.
      const ignore = () => {
        broken = true;
      };
      client.on('error', ignore);
      const begin = (await keepsSettings(client, limits)) ? 'begin' : beginWithTimeouts(limits);
      return {
        query: (statement: unknown, parameters?: readonly unknown[]) =>
          // Kysely is given no cursor, so a statement is always text.
          client.query(statement === 'begin' ? begin : (statement as string), parameters?.map(storable)).catch(fail),
        release(destroy?: boolean) {
          client.off('error', ignore);
          client.release(destroy || broken);
        },
      } as unknown as KyselyClient; // whose `query` has an overload for cursors, too
    },
  };
}

/** The connections whose settings were looked at, and whether they hold. */
const looked = new WeakMap<pg.PoolClient, boolean>();

/** Whether the session of a connection has the settings that it was opened with: a pooler may drop them in silence. */
async function keepsSettings(client: pg.PoolClient, { statement }: PostgresPatience): Promise<boolean> {
  const known = looked.get(client);
  if (known !== undefined) return known;
  try {
    const { rows } = await client.query<{ ms: number }>(
      "select setting::integer as ms from pg_settings where name = 'statement_timeout'",
    );
    const holds = rows[0]?.ms === statement;
    looked.set(client, holds);
    return holds;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Text in PostgreSQL holds no NUL, which a caller may send: what was stored never has one, so it is not found. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

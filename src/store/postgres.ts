import { type Dialect, PostgresAdapter, PostgresDialect } from 'kysely';
import pg from 'pg';

/** How long things at a PostgreSQL server may take, in milliseconds. */
export interface PostgresPatience {
  /** For a connection, whether it must be made or becomes free. */
  readonly connect: number;
  /** For one statement, waiting for locks included: PostgreSQL itself breaks it off. */
  readonly statement: number;
  /** For the answer to one statement, by our own clock: behind a network that drops everything nobody else breaks it off. */
  readonly answer: number;
}

/** For requests: what a database does not answer in this time, is answered 503. */
const patience: PostgresPatience = { connect: 3_000, statement: 3_000, answer: 4_000 };

/** For migrations, of which one may take long while the other replicas wait for it. */
export const migrationPatience: PostgresPatience = { connect: 10_000, statement: 600_000, answer: 610_000 };

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
  readonly dialect: Dialect;
  readonly pool: () => PoolState;
}

/** @param url `postgres://…`; nothing is connected before the first statement */
export function postgresDialect(url: string, limits: PostgresPatience = patience): PostgresStoreParts {
  const pool = new pg.Pool({ ...connectionOptions(url, limits), max: poolSize, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is taken out of the pool by the pool itself; unheard, its error would end the process.
  pool.on('error', () => {});
  return {
    dialect: new PostgresDialect({ pool: async () => watchful(pool) }),
    pool: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
  };
}

/** What every connection of ours is opened with. */
export function connectionOptions(url: string, limits: PostgresPatience = patience): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'claimgate',
    connectionTimeoutMillis: limits.connect,
    statement_timeout: limits.statement,
    query_timeout: limits.answer,
    // A process that hangs within a transaction shall not keep its locks.
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
  };
}

/** Whether a database, or a transaction on it, speaks PostgreSQL. */
export function speaksPostgres(db: { getExecutor(): { readonly adapter: unknown } }): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** A bigint comes as text, since it may be larger than a number: ours are milliseconds and counts. */
const parserOf: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format);

type KyselyPool = Awaited<
  ReturnType<Extract<ConstructorParameters<typeof PostgresDialect>[0]['pool'], (...args: never) => unknown>>
>;
type KyselyClient = Awaited<ReturnType<KyselyPool['connect']>>;

/**
 * A pool that keeps no connection which has failed otherwise than by an answer of the server. After a time-out by our own clock
 * an answer may still come, and would be taken for that of the next statement's owner; so the connection goes.
 */
function watchful(pool: pg.Pool): KyselyPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let broken = false;
      const fail = (error: unknown): never => {
        // Errors that the server itself sends carry a SQLSTATE; those of class 57P end the connection.
        broken ||= !(error instanceof pg.DatabaseError) || (error.code ?? '').startsWith('57P');
        throw error;
      };
      // An error of a connection in use ends its statement; it is told besides, and unheard would end the process.
      const ignore = () => {
        broken = true;
      };
      client.on('error', ignore);
      return {
        query: (statement: unknown, parameters?: readonly unknown[]) =>
          // Kysely is given no cursor, so a statement is always text.
          client.query(statement as string, parameters?.map(storable)).catch(fail),
        release(destroy?: boolean) {
          client.off('error', ignore);
          client.release(destroy || broken);
        },
      } as unknown as KyselyClient; // whose `query` has an overload for cursors, too
    },
  };
}

/** Text in PostgreSQL holds no NUL, which a caller may send: what was stored never has one, so it is not found. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}

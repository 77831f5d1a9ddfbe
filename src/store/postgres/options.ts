import pg from 'pg';

/** How long things at a PostgreSQL server may take, in milliseconds. */
export interface PostgresPatience {
  /** For a connection, whether it must be made or becomes free. */
  readonly connect: number;
  /** For one statement, waiting for locks included: PostgreSQL itself breaks it off. */
  readonly statement: number;
  /** For the answer to one statement, by our own clock: behind a network that drops everything nobody else breaks it off. */
  readonly answer: number;
  /** For a transaction in which nothing happens: a process that hangs within one shall not keep its locks. */
  readonly idle: number;
}

/** For requests: what a database does not answer in this time, is answered 503. */
export const patience: PostgresPatience = { connect: 3_000, statement: 3_000, answer: 4_000, idle: 10_000 };

/** For migrations, of which one may take long while the other replicas wait for it. */
export const migrationPatience: PostgresPatience = {
  connect: 10_000,
  statement: 600_000,
  answer: 610_000,
  idle: 10_000,
};

/**
 * What every connection of ours is opened with.
 *
 * @param settings whether the session gets time-outs of its own when it begins. Default true; a pooler may refuse them
 */
export function connectionOptions(
  url: string,
  { limits = patience, settings = true }: { limits?: PostgresPatience; settings?: boolean } = {},
): pg.ClientConfig {
  return {
    connectionString: explicit(url),
    application_name: 'claimgate',
    connectionTimeoutMillis: limits.connect,
    query_timeout: limits.answer,
    ...(settings && { statement_timeout: limits.statement, idle_in_transaction_session_timeout: limits.idle }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
  };
}

/**
 * A URL whose `sslmode` says what the driver makes of it: for this version `prefer`, `require` and `verify-ca` are `verify-full`.
 * Left as they are, the driver prints a warning of eight lines about its next version, beside the log.
 */
function explicit(url: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/** A bigint comes as text, since it may be larger than a number: ours are milliseconds and counts. */
const parserOf: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format);

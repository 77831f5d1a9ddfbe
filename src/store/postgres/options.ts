import pg from 'pg';

/** The time limits of connections to PostgreSQL. */
export interface PostgresTimeouts {
  /** How long a statement waits for a new or free connection. */
  readonly connectMs: number;
  /**
   * How long a statement may take, including waits for locks. After this time PostgreSQL cancels it. Behind a pooler
   * that keeps no settings, this applies only to statements in a transaction.
   */
  readonly statementMs: number;
  /**
   * How long the driver waits for the answer to a statement. Over a broken network, the driver does not learn that
   * PostgreSQL cancelled it.
   */
  readonly answerMs: number;
  /** How long a transaction may be idle. Without this limit, a process that hangs would keep its locks. */
  readonly idleMs: number;
}

/** The limits for requests. If a statement takes longer, the request is answered 503. */
export const requestTimeouts: PostgresTimeouts = {
  connectMs: 3_000,
  statementMs: 3_000,
  answerMs: 4_000,
  idleMs: 10_000,
};

/** The limits for migrations. A migration may take long, and the other replicas wait for it. */
export const migrationTimeouts: PostgresTimeouts = {
  connectMs: 10_000,
  statementMs: 600_000,
  answerMs: 610_000,
  idleMs: 10_000,
};

/**
 * Returns the options of every connection.
 *
 * @param timeouts default: `requestTimeouts`
 * @param settings whether the time limits are sent as settings of the session. Default: true. A pooler may refuse them.
 */
export function connectionOptions(
  url: string,
  { timeouts = requestTimeouts, settings = true }: { timeouts?: PostgresTimeouts; settings?: boolean } = {},
): pg.ClientConfig {
  return {
    connectionString: explicit(url),
    application_name: 'claimgate',
    connectionTimeoutMillis: timeouts.connectMs,
    query_timeout: timeouts.answerMs,
    ...(settings && { statement_timeout: timeouts.statementMs, idle_in_transaction_session_timeout: timeouts.idleMs }),
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types: { getTypeParser: parserOf },
  };
}

/**
 * Returns the URL with the `sslmode` that the driver really uses: this version treats `prefer`, `require` and
 * `verify-ca` as `verify-full`. Without this replacement, the driver prints a warning outside of the log.
 */
function explicit(url: string): string {
  if (/[?&]uselibpqcompat=true(?:&|$)/.test(url)) return url;
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}

/**
 * Reads a bigint as a number. By default the driver returns text, because a bigint may be too large for a number. The
 * bigints of this database are milliseconds and counts.
 */
const parserOf: typeof pg.types.getTypeParser = (oid, format) =>
  oid === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format);

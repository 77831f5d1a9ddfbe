import { ClaimgateError } from '../../errors.ts';

/**
 * Why the database could not execute a correct statement:
 *
 * - `away`: the database does not answer, or the file cannot be opened or read.
 * - `slow`: the database did not answer in time, or other transactions caused too many conflicts.
 * - `full`: the disk is full.
 * - `read-only`: the database accepts no writes.
 */
export type Unavailability = 'away' | 'slow' | 'full' | 'read-only';

/**
 * Primary result codes of SQLite (https://sqlite.org/rescode.html). Every other code has another cause, such as a
 * defect of this program or of the file.
 */
const sqliteCodes: Readonly<Record<number, Unavailability>> = {
  5: 'slow', // SQLITE_BUSY
  6: 'slow', // SQLITE_LOCKED
  8: 'read-only', // SQLITE_READONLY
  10: 'away', // SQLITE_IOERR
  13: 'full', // SQLITE_FULL
  14: 'away', // SQLITE_CANTOPEN
  15: 'slow', // SQLITE_PROTOCOL: a race while the file is locked
};

/**
 * SQLSTATE codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html). Codes come first, then
 * classes.
 */
const sqlStates: Readonly<Record<string, Unavailability>> = {
  '25006': 'read-only', // read_only_sql_transaction
  '25P03': 'slow', // idle_in_transaction_session_timeout
  '25P04': 'slow', // transaction_timeout
  '40001': 'slow', // serialization_failure, after the attempts of `inTransaction`
  '40P01': 'slow', // deadlock_detected
  '53100': 'full', // disk_full
  '55P03': 'slow', // lock_not_available
  '57014': 'slow', // query_canceled: the statement timed out
  '3D000': 'away', // invalid_catalog_name: the database does not exist
  '08': 'away', // connection_exception
  '28': 'away', // invalid_authorization_specification: the login is rejected
  '53': 'slow', // insufficient_resources
  '57': 'away', // operator_intervention
  '58': 'away', // system_error
};

/** Errors of the operating system for a socket or for the file. */
const systemCodes: Readonly<Record<string, Unavailability>> = {
  ECONNREFUSED: 'away',
  ECONNRESET: 'away',
  ECONNABORTED: 'away',
  EPIPE: 'away',
  ETIMEDOUT: 'away',
  EHOSTUNREACH: 'away',
  EHOSTDOWN: 'away',
  ENETUNREACH: 'away',
  ENETDOWN: 'away',
  ENOTFOUND: 'away',
  EAI_AGAIN: 'away',
  ENOENT: 'away',
  EIO: 'away',
  EMFILE: 'away',
  ENFILE: 'away',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
};

/** Errors of `pg` and its pool that have no code. */
const messages: readonly (readonly [RegExp, Unavailability])[] = [
  [/^timeout exceeded when trying to connect$/, 'slow'],
  [/^(Query read timeout|timeout expired)$/, 'slow'],
  [/^Connection terminated due to connection timeout$/, 'slow'],
  [/^Connection terminated/, 'away'],
  [/^Client (has encountered a connection error and|was closed and) is not queryable$/, 'away'],
  [/^(The server does not support|There was an error establishing an) SSL connection/, 'away'],
];

/** Returns why the database is unavailable; null if the error has another cause. */
export function unavailability(error: unknown): Unavailability | null {
  if (!(error instanceof Error)) return null;
  // If a host has several addresses, there is one error for each address.
  if (error instanceof AggregateError) {
    for (const cause of error.errors) {
      const found = unavailability(cause);
      if (found) return found;
    }
  }
  if ('errcode' in error && typeof error.errcode === 'number') return sqliteCodes[error.errcode & 0xff] ?? null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known =
    sqlStates[code] ?? systemCodes[code] ?? (/^[\dA-Z]{5}$/.test(code) ? sqlStates[code.slice(0, 2)] : null);
  return known ?? messages.find(([pattern]) => pattern.test(error.message))?.[1] ?? null;
}

/**
 * Returns ClaimgateError `DATABASE_UNAVAILABLE` if the error shows that the database is unavailable. Returns every
 * other error unchanged.
 */
export function asUnavailable(error: unknown): unknown {
  if (error instanceof ClaimgateError) return error;
  const reason = unavailability(error);
  if (!reason) return error;
  return new ClaimgateError('DATABASE_UNAVAILABLE', explanations[reason], { evidence: { reason }, cause: error });
}

const explanations: Readonly<Record<Unavailability, string>> = {
  away: 'The database cannot be reached at present: try again.',
  slow: 'The database did not answer in time: try again.',
  full: 'The database has no room left at present: try again later.',
  'read-only': 'The database takes no writes at present: try again later.',
};

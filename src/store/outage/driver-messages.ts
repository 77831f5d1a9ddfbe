/** A kind of error that a driver throws. */
interface DriverError {
  readonly matches: (error: Error) => boolean;
  /** Advice for the operator; empty if the message of the driver is enough. */
  readonly advice: string;
}

const noTls = 'turn on TLS there, or take sslmode out of the URL (or ssl), and PGSSLMODE out of the environment';

/**
 * The known errors of drivers. PostgreSQL errors have a SQLSTATE, SQLite errors a primary result code, Node.js errors a
 * `code`, and `pg` errors only a message. The first match counts.
 */
export const driverErrors: readonly DriverError[] = [
  code(/^28/, 'turn on TLS with `?sslmode=require` in the URL', /no encryption/),
  code(/^28/, 'name the user in the URL, or in PGUSER', /no PostgreSQL user name/),
  code(/^28P01$/, 'a password with @ / # ? : or % must be percent-encoded in the URL'),
  code(/^28/, ''),
  code(/^3D000$/, 'create the database first'),
  code(/^42501$/, 'grant it to the user that the URL names, for the schema `GRANT USAGE, CREATE ON SCHEMA … TO …`'),
  code(/^3F000$/, 'create the schema first, or set a search_path that exists'),
  code(/^25006$/, 'name the primary and not a replica'),
  code(/^53100$/, 'make room on its disk'),
  code(/^55P03$|^57014$/, 'another process or an administrator keeps it busy; start again when that is over'),
  // Every other SQLSTATE comes from the server itself.
  code(/^[\dA-Z]{2}[\dA-Z]{3}$/, '', /./, (error) => 'severity' in error),
  sqlite(26, 'name another file, or none'),
  sqlite(5, 'another process keeps it locked; end that process'),
  sqlite(8, 'let the user of this process write the file and its folder'),
  sqlite(13, 'make room on the disk'),
  sqlite(14, 'let the user of this process make and write files in this folder'),
  sqlite(null, ''),
  code(/^ENOTFOUND$/, 'the host name is unknown here'),
  code(/^EAI_AGAIN$/, 'the name server does not answer'),
  code(/^ECONNREFUSED$/, 'no server listens there'),
  code(/^EACCES$|^EPERM$|^EROFS$/, 'let the user of this process read and write it'),
  code(/^ENOENT$/, 'no server listens at this socket', /\.s\.PGSQL\./),
  code(/^ENOENT$/, 'a file that the URL names must exist, those of sslrootcert, sslcert and sslkey too'),
  code(
    /^(SELF_SIGNED_CERT|DEPTH_ZERO|UNABLE_TO_)/,
    'name the certificate authority with `?sslmode=verify-full&sslrootcert=/path/to/ca.pem`',
  ),
  code(
    /^(CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO)/,
    'mend the certificates, or the files of sslrootcert, sslcert and sslkey',
  ),
  code(/^E[A-Z]+$/, '', /./, (error) => 'syscall' in error),
  message(/^The server does not support SSL connections/, noTls),
  message(/^There was an error establishing an SSL connection/, noTls),
  message(
    /^(timeout expired|timeout exceeded|Query read timeout|Connection terminated due to connection timeout)/,
    'it did not answer in time',
  ),
  message(/^Connection terminated/, 'the server, or something before it, closed the connection'),
  message(/client password must be a/, 'the server asks for a password and the URL has none'),
  message(/^SASL: /, ''),
  message(/^SECURITY WARNING: /, ''),
  message(
    /^corrupted migrations/,
    'the database is newer than this Claimgate; use the version that it was last used with',
  ),
  message(/^there is no database at /, ''),
  message(/^others may use /, ''),
];

function code(
  pattern: RegExp,
  advice: string,
  message = /(?:)/,
  also: (error: Error) => boolean = () => true,
): DriverError {
  return {
    advice,
    matches: (error) =>
      'code' in error && pattern.test(String(error.code)) && message.test(error.message) && also(error),
  };
}

/** @param primary the primary result code; null: every one */
function sqlite(primary: number | null, advice: string): DriverError {
  return {
    advice,
    matches: (error) =>
      'errcode' in error &&
      typeof error.errcode === 'number' &&
      (primary === null || (error.errcode & 0xff) === primary),
  };
}

function message(pattern: RegExp, advice: string): DriverError {
  return { advice, matches: (error) => pattern.test(error.message) };
}

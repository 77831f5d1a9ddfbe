import { databaseParameterFault } from './parameters.ts';

/** Whether a value of `DATABASE_URL` names a database that the server can try to open. */
export function isDatabaseUrl(value: string): boolean {
  return /^file:(?!\/\/[^/])./.test(value) || isPostgresUrl(value);
}

/**
 * Whether a value is a `postgres://` or `postgresql://` URL that the parser cannot misread. A password that is not
 * percent-encoded could make the parser find a wrong host.
 */
export function isPostgresUrl(value: string): boolean {
  return (
    scheme.test(value) &&
    !hasUnencoded(value) &&
    !hasSeveralHosts(value) &&
    URL.canParse(value.replace('@/', '@localhost/')) &&
    databaseParameterFault(value) === null
  );
}

/**
 * Returns advice for a URL that was refused. The advice repeats no part of the URL.
 *
 * If a password is not percent-encoded, the parser may read a part of it as the host, path or fragment. A message must
 * not repeat this part.
 */
export function databaseUrlHint(value: string): string | null {
  if (!scheme.test(value)) return otherFormHint(value);
  if (hasUnencodedParameter(value)) return 'percent-encode the parameters behind the ?: a space is %20';
  if (hasSeveralHosts(value)) {
    return 'name one host: a name or an address that always leads to the primary; the driver does not try several';
  }
  const fault = hasUnencoded(value) ? null : databaseParameterFault(value);
  if (fault !== null) return fault;
  return 'percent-encode the user name and the password: @ is %40, / is %2F, # is %23, ? is %3F, : is %3A, % is %25';
}

const scheme = /^postgres(?:ql)?:\/\//;

/**
 * Recognizes the database URLs of other drivers and libraries.
 *
 * @returns advice; null if the form is not known
 */
function otherFormHint(value: string): string | null {
  if (/^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i.test(value)) return 'begin it with `postgres://`';
  if (/^sqlite3?:/i.test(value)) return 'write `file:` and the path';
  // The pattern matches only a path, which contains no password.
  return /^[\w./\\-]+\.(?:db3?|sqlite3?)$/i.test(value) ? 'write `file:` before the path' : null;
}

/** Returns the part between the scheme and the path. */
function authorityOf(value: string): string {
  return /^[^/?#]*/.exec(value.replace(scheme, ''))?.[0] ?? '';
}

/**
 * Whether a URL lists several hosts, which libpq allows. A URL with unencoded characters is not checked, because its
 * password may contain a comma.
 */
function hasSeveralHosts(value: string): boolean {
  return !hasUnencoded(value) && (authorityOf(value).split('@').at(-1) ?? '').includes(',');
}

/** Whether a parameter has white space, although the part before the parameters is correct. */
function hasUnencodedParameter(value: string): boolean {
  const [before = '', ...parameters] = value.split('?');
  return /\s/.test(parameters.join('?')) && !parameters.join('?').includes('@') && !hasUnencoded(before);
}

/** Whether a reserved character shows that the password is not percent-encoded. */
function hasUnencoded(value: string): boolean {
  const rest = value.replace(scheme, '');
  const authority = authorityOf(value);
  const behind = rest.slice(authority.length);
  // White space is not part of a URL, and the parser would remove some of it.
  return /[\s#]/.test(rest) || /%(?![\da-f]{2})/i.test(rest) || behind.includes('@') || authority.split('@').length > 2;
}

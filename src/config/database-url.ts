/** Whether a value of `DATABASE_URL` names a database that can be tried. */
export function isDatabaseUrl(value: string): boolean {
  return /^file:(?!\/\/[^/])./.test(value) || isPostgresUrl(value);
}

/** Whether a value is a `postgres://` or `postgresql://` URL in which everything stands where it seems to stand. */
export function isPostgresUrl(value: string): boolean {
  return scheme.test(value) && !hasUnencoded(value) && URL.canParse(value.replace('@/', '@localhost/'));
}

/**
 * What to do about a URL that was refused, without any part of it.
 *
 * A password that is not percent-encoded ends a URL's user information early: the rest of it would be taken for a host, a path
 * or a fragment, and so come into messages.
 */
export function databaseUrlHint(value: string): string | null {
  if (!scheme.test(value)) return null;
  return 'percent-encode the user name and the password: @ is %40, / is %2F, # is %23, ? is %3F, : is %3A, % is %25';
}

const scheme = /^postgres(?:ql)?:\/\//;

/** Whether a character with a meaning in URLs stands where only a part of a password can have put it. */
function hasUnencoded(value: string): boolean {
  const rest = value.replace(scheme, '');
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const behind = rest.slice(authority.length);
  // White space is no part of a URL, and the parser would take some of it out.
  return /[\s#]/.test(rest) || /%(?![\da-f]{2})/i.test(rest) || behind.includes('@') || authority.split('@').length > 2;
}

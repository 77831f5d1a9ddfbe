import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../../errors.ts';
import { isRecord } from '../../protocol/record.ts';

/**
 * Joins the credential headers of the upgrade and the credentials of a payload into one list of headers. An empty
 * credential counts as absent. A later check refuses more than one credential.
 */
export function credentialHeaders(rawHeaders: readonly string[], authorizations: readonly string[]): readonly string[] {
  const own = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^(authorization|dpop)$/i.test(name) ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const all = [...own, ...authorizations.map((value) => ['authorization', value] as const)];
  return all.filter(([name, value]) => name.toLowerCase() === 'dpop' || value.trim() !== '').flat();
}

/**
 * Returns the values of the members of a payload whose name is `authorization` in any case. An empty value counts as
 * absent.
 *
 * @throws GraphQLError `INVALID_REQUEST` if a member is not a string, or if a token is only in a member that is not
 * read
 */
export function authorizationsOf(payload: unknown): readonly string[] {
  if (!isRecord(payload)) return [];
  const authorizations = authorizationMembers(payload).map((value) => {
    if (typeof value === 'string') return value;
    if (value === null) throw invalidRequest('authorization: found null, leave it out where there is no token');
    throw invalidCredential();
  });
  const present = authorizations.filter((value) => value.trim() !== '');
  const misplaced = present.length === 0 ? misplacedToken(payload) : undefined;
  if (misplaced !== undefined) {
    throw invalidRequest(`${misplaced} is not read: send "Bearer <token>" as the member authorization of the payload`);
  }
  return present;
}

/** Makes the error of a payload with more than one credential, or with a credential that is not a string. */
export function invalidCredential(): GraphQLError {
  return invalidRequest('authorization: expected one string');
}

/**
 * Names of members in which clients of other servers put a token. The key is in lower case without hyphens and
 * underscores. The value is the name in messages.
 */
const tokenMembers: Readonly<Record<string, string>> = {
  authtoken: 'authToken',
  accesstoken: 'accessToken',
  bearertoken: 'bearerToken',
  idtoken: 'idToken',
  token: 'token',
  jwt: 'jwt',
  bearer: 'bearer',
  auth: 'auth',
  authentication: 'authentication',
  xauthtoken: 'x-auth-token',
};
/** Names of members in which clients of other servers put headers. */
const headerMembers: ReadonlySet<string> = new Set([
  'headers',
  'header',
  'httpheaders',
  'requestheaders',
  'http',
  'context',
]);

/**
 * Finds a member of a payload in which clients of other servers put a token. Returns its name, or undefined. Without
 * this check, the server would treat the caller as anonymous and report no error.
 *
 * @param depth - how many levels of nested members are searched, in addition to the members of the payload. Default 2
 */
function misplacedToken(payload: Readonly<Record<string, unknown>>, depth = 2): string | undefined {
  for (const [name, value] of Object.entries(payload)) {
    const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
    if (Object.hasOwn(tokenMembers, plain) && typeof value === 'string' && value.trim() !== '')
      return tokenMembers[plain];
    if (depth === 0 || !isRecord(value)) continue;
    if (headerMembers.has(plain) || Object.hasOwn(tokenMembers, plain)) {
      const within = authorizationMembers(value).some((member) => typeof member === 'string' && member.trim() !== '')
        ? 'Authorization'
        : misplacedToken(value, depth - 1);
      if (within !== undefined)
        return `${tokenMembers[plain] ?? (plain.endsWith('headers') ? 'headers' : plain)}.${within}`;
    }
  }
  return undefined;
}

function authorizationMembers(payload: Readonly<Record<string, unknown>>): readonly unknown[] {
  return Object.entries(payload)
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => value);
}

function invalidRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_REQUEST' satisfies ErrorCode } });
}

import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../../errors.ts';
import { isRecord } from '../../protocol/record.ts';

/**
 * The credential in the header of the upgrade and those in a payload. An empty one counts as none. Two of them are as wrong as two
 * headers.
 */
export function credentialHeaders(rawHeaders: readonly string[], authorizations: readonly string[]): readonly string[] {
  const own = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^(authorization|dpop)$/i.test(name) ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const all = [...own, ...authorizations.map((value) => ['authorization', value] as const)];
  return all.filter(([name, value]) => name.toLowerCase() === 'dpop' || value.trim() !== '').flat();
}

/**
 * The members of a payload that are called as the header is, in any case. One that is empty counts as none.
 *
 * @throws GraphQLError `INVALID_REQUEST` where one is not a string, or where the only token is in a member that is not read
 */
export function authorizationsOf(payload: unknown): readonly string[] {
  if (!isRecord(payload)) return [];
  const authorizations = authorizationMembers(payload).map((value) => {
    if (typeof value === 'string') return value;
    if (value === null) throw invalidRequest('authorization: found null, leave it out where there is no token');
    throw invalidCredential();
  });
  const given = authorizations.filter((value) => value.trim() !== '');
  const misplaced = given.length === 0 ? misplacedToken(payload) : undefined;
  if (misplaced !== undefined) {
    throw invalidRequest(`${misplaced} is not read: send "Bearer <token>" as the member authorization of the payload`);
  }
  return given;
}

/** The error of a payload that does not hold at most one credential. */
export function invalidCredential(): GraphQLError {
  return invalidRequest('authorization: expected one string');
}

/** Members in which clients put a token elsewhere, without hyphens and underscores, in lower case; as they are written in messages. */
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
/** Members that hold headers elsewhere. */
const headerMembers: ReadonlySet<string> = new Set([
  'headers',
  'header',
  'httpheaders',
  'requestheaders',
  'http',
  'context',
]);

/**
 * Where else a payload holds a token, as far as that can be told by names. A caller who sends one would otherwise be anonymous
 * without being told.
 *
 * @param depth how many members deep it is looked for
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

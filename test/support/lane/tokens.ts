import type { Caller } from '../callers.ts';
import { issuerOf, makeKey, sign } from '../tokens.ts';

const primary = makeKey();
const foreign = makeKey();
const audience = 'http://localhost:4000/graphql';

/** The issuers of the tokens of `tokenFor`. Only the tokens of the first issuer have accounts. */
export const issuers = [
  issuerOf([primary], { issuer: 'https://issuer.example', audience: [audience] }),
  issuerOf([foreign], { issuer: 'https://foreign.example', audience: [audience], primary: false }),
];

const known = new Map<string, string>();

/**
 * Returns the token of a caller. The same caller has the same token.
 *
 * @param changes - further changes of the payload, such as `{ exp: 1 }`
 */
export function tokenFor(
  { kind = 'account', scopes = [], claims = {}, accountId = 'alice' }: NonNullable<Caller>,
  changes: Readonly<Record<string, unknown>> = {},
): string {
  const key = JSON.stringify([kind, scopes, claims, accountId, changes]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const seconds = Math.floor(Date.now() / 1000);
  const payload = {
    iss: accountId === null ? 'https://foreign.example' : 'https://issuer.example',
    sub: kind === 'application' ? 'web' : (accountId ?? 'alice'),
    aud: audience,
    exp: seconds + 3_600,
    iat: seconds,
    jti: `token-${known.size}`,
    client_id: 'web',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...claims,
    ...changes,
  };
  const token = sign(accountId === null ? foreign : primary, { payload });
  if (known.size > 20_000) known.clear();
  known.set(key, token);
  return token;
}

import { randomUUID } from 'node:crypto';
import { encode, makeKey, signature, type TestKey } from '../../support/tokens.ts';

export const issuer = 'https://issuer.example';
export const audience = 'https://api.example/graphql';

/** The tokens of a run. All contenders verify the same tokens. */
export interface BenchTokens {
  /** What the contenders read: the issuer, the audience and the key set. */
  readonly settings: string;
  /** Returns the `Authorization` header of the token with this number. */
  readonly header: (index: number) => string;
}

/**
 * Makes the tokens of a run: ES256, valid for a day, without the scope `vault:read`.
 *
 * @param further - scopes that no rule needs. Default: none
 */
export function makeTokens(further: readonly string[] = []): BenchTokens {
  const key: TestKey = makeKey('ES256');
  const made: string[] = [];
  const jwks = { keys: [key.publicJwk] };
  return {
    settings: JSON.stringify({ issuer, audience, jwks }),
    header: (index) => (made[index] ??= `Bearer ${sign(key, index, further)}`),
  };
}

function sign(key: TestKey, index: number, further: readonly string[]): string {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: issuer,
    aud: audience,
    sub: `account-${index}`,
    client_id: 'bench',
    scope: ['profile', 'orders:read', 'customers:read', ...further].join(' '),
    iat: now,
    exp: now + 86_400,
    jti: randomUUID(),
  };
  const input = `${encode({ alg: key.alg, typ: 'at+jwt', kid: key.kid })}.${encode(payload)}`;
  return `${input}.${signature(key, input)}`;
}

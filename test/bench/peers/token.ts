import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { audience, issuer, jwks } from './settings.ts';

const keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);

/** The scopes of a caller. `null`: no token, or a wrong token. */
export type Scopes = ReadonlySet<string> | null;

/** Verifies the token of a header with jose, as its documentation shows it. */
export async function verify(header: string | undefined): Promise<Scopes> {
  if (!header?.startsWith('Bearer ')) return null;
  try {
    const { payload } = await jwtVerify(header.slice(7), keys, { issuer, audience, typ: 'at+jwt' });
    return scopesOf(payload);
  } catch {
    return null;
  }
}

function scopesOf({ scope }: JWTPayload): ReadonlySet<string> {
  return new Set(typeof scope === 'string' ? scope.split(' ') : []);
}

const verified = new LRUCache<string, Scopes & object>({ max: 20_000, ttl: 60_000 });

/** Verifies a token once, and then finds it in a cache. */
export function verifyOnce(header: string | undefined): Scopes | Promise<Scopes> {
  const known = header === undefined ? null : verified.get(header);
  if (known !== undefined) return known;
  return verify(header).then((scopes) => {
    if (scopes && header) verified.set(header, scopes);
    return scopes;
  });
}

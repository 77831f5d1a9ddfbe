import type { JSONWebKeySet, JWK } from 'jose';
import { encode, makeKey, type Parts, sign, type TestKey } from '../../support/tokens.ts';

/** An issuer of the tests, whose private keys the tests hold. */
export interface World {
  /** `iss` of the issuer whose access tokens follow RFC 9068. */
  readonly issuer: string;
  /** `iss` of another issuer that is trusted too: it has keys of its own, and signs plain `JWT`. */
  readonly other: string;
  readonly audience: string;
  /** The present, in seconds since the epoch. */
  readonly now: number;
}

/** A token's claims, or changes to them: `undefined` leaves a claim out. */
export type Claims = Readonly<Record<string, unknown>>;

/** The keys that sign in the table's tokens. They are made once: RSA keys take their time. */
export const keys = {
  es256: makeKey('ES256', 'es256'),
  es384: makeKey('ES384', 'es384'),
  es512: makeKey('ES512', 'es512'),
  rs256: makeKey('RS256', 'rs256'),
  ps256: makeKey('PS256', 'ps256'),
  eddsa: makeKey('EdDSA', 'eddsa'),
  /** These say nothing about their algorithm. */
  open: makeKey('RS256', 'open'),
  edwards: makeKey('EdDSA', 'edwards'),
  /** Two keys that share one `kid`. */
  twin: makeKey('ES256', 'twin'),
  sibling: makeKey('ES256', 'twin'),
  /** In the set without a `kid`. */
  nameless: makeKey('ES256', 'nameless'),
  /** In the set, each for something that is not verifying access tokens of its algorithm. */
  encrypting: makeKey('ES256', 'use enc'),
  signing: makeKey('ES256', 'key_ops sign'),
  wrapping: makeKey('RS256', 'key_ops wrapKey'),
  misnamed: makeKey('ES256', 'alg ES384'),
  agreeing: makeKey('EdDSA', 'crv X25519'),
  /** Of the other issuer. */
  other: makeKey('ES256', 'other'),
  otherWithOurKid: makeKey('ES256', 'es256'),
  /** Of nobody who is trusted. */
  stranger: makeKey('ES256', 'stranger'),
} satisfies Record<string, TestKey>;

/** An octet key that an issuer should never have published. */
export const published = { kty: 'oct', k: encode('a secret that everybody knows by now'), kid: 'oct', alg: 'HS256' };

/** What the first issuer publishes: good keys, and beside them all that may stand in a key set and must do no harm. */
export const keySet: JSONWebKeySet = {
  keys: [
    published,
    { kty: 'XY', kid: 'es256' },
    { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA', kid: 'no point' },
    ...[keys.es256, keys.es384, keys.es512, keys.rs256, keys.ps256, keys.eddsa].map(({ publicJwk }) => publicJwk),
    without(keys.open.publicJwk, 'alg'),
    without(keys.edwards.publicJwk, 'alg'),
    keys.twin.publicJwk,
    keys.sibling.publicJwk,
    without(keys.nameless.publicJwk, 'kid'),
    { ...keys.encrypting.publicJwk, use: 'enc' },
    { ...without(keys.signing.publicJwk, 'use'), key_ops: ['sign'] },
    { ...without(keys.wrapping.publicJwk, 'use'), key_ops: ['wrapKey', 'encrypt'] },
    { ...keys.misnamed.publicJwk, alg: 'ES384' },
    { ...keys.agreeing.publicJwk, crv: 'X25519' },
  ],
};

/** How the other issuer is configured, beside its name, audience and keys. */
export const otherSettings = {
  typ: ['JWT'],
  roles: [{ claim: ['groups'], scopes: { clerks: ['orders:read', 'orders:write'] } }],
};

/** What the other issuer publishes. */
export const otherKeySet: JSONWebKeySet = { keys: [keys.other.publicJwk, keys.otherWithOurKid.publicJwk] };

function without(jwk: JWK, member: keyof JWK): JWK {
  const { [member]: _, ...rest } = jwk;
  return rest;
}

/** The claims of a good access token of the first issuer. */
export function claimsOf({ issuer, audience, now }: World, changes: Claims = {}): Claims {
  const claims = {
    iss: issuer,
    sub: 'ada',
    aud: audience,
    exp: now + 600,
    iat: now,
    jti: 'token-1',
    client_id: 'a-client',
    scope: 'profile orders:read',
  };
  return { ...claims, ...changes };
}

/** The claims as JSON text in which one of them stands as it is given: for numbers and names that JavaScript cannot hold. */
export function textOf(world: World, claim: string, text: string): string {
  const place = 'the place of the claim';
  return JSON.stringify(claimsOf(world, { [claim]: place })).replace(JSON.stringify(place), text);
}

/** A token of the first issuer with changes to its claims, in order otherwise. */
export function withClaims(world: World, changes: Claims, key: TestKey = keys.es256): string {
  return sign(key, { payload: claimsOf(world, changes) });
}

/** A token of the first issuer with changes to its header, in order otherwise. */
export function withHeader(world: World, header: NonNullable<Parts['header']>, key: TestKey = keys.es256): string {
  return sign(key, { header, payload: claimsOf(world) });
}

/** A token of the other issuer, in order there. */
export function ofOther(world: World, changes: Claims = {}, key: TestKey = keys.other): string {
  return sign(key, { header: { typ: 'JWT' }, payload: claimsOf(world, { iss: world.other, ...changes }) });
}

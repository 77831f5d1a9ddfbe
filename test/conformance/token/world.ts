import type { JSONWebKeySet, JWK } from 'jose';
import { encode, makeKey, type Parts, sign, type TestKey } from '../../support/tokens.ts';

/** The issuers, audience and time that the table's tokens are made for. The tests have the issuers' private keys. */
export interface World {
  /** `iss` of the first issuer, whose access tokens follow RFC 9068. */
  readonly issuer: string;
  /** `iss` of the other trusted issuer, which has its own keys and signs tokens with the type `JWT`. */
  readonly other: string;
  readonly audience: string;
  /** The current time, in seconds since the epoch. */
  readonly now: number;
}

/** A token's claims, or changes to them. `undefined` removes a claim. */
export type Claims = Readonly<Record<string, unknown>>;

/** The keys that sign the table's tokens. They are generated once, because RSA keys are slow to generate. */
export const keys = {
  es256: makeKey('ES256', 'es256'),
  es384: makeKey('ES384', 'es384'),
  es512: makeKey('ES512', 'es512'),
  rs256: makeKey('RS256', 'rs256'),
  ps256: makeKey('PS256', 'ps256'),
  eddsa: makeKey('EdDSA', 'eddsa'),
  /** Published without `alg`. */
  open: makeKey('RS256', 'open'),
  edwards: makeKey('EdDSA', 'edwards'),
  /** Two keys that share one `kid`. */
  twin: makeKey('ES256', 'twin'),
  sibling: makeKey('ES256', 'twin'),
  /** Published without `kid`. */
  nameless: makeKey('ES256', 'nameless'),
  /** Published, but not for verifying access tokens with its algorithm. */
  encrypting: makeKey('ES256', 'use enc'),
  signing: makeKey('ES256', 'key_ops sign'),
  wrapping: makeKey('RS256', 'key_ops wrapKey'),
  misnamed: makeKey('ES256', 'alg ES384'),
  agreeing: makeKey('EdDSA', 'crv X25519'),
  /** Keys of the other issuer. */
  other: makeKey('ES256', 'other'),
  otherWithOurKid: makeKey('ES256', 'es256'),
  /** A key of no trusted issuer. */
  stranger: makeKey('ES256', 'stranger'),
} satisfies Record<string, TestKey>;

/** An octet key, which an issuer should never publish. */
export const published = { kty: 'oct', k: encode('a secret that everybody knows by now'), kid: 'oct', alg: 'HS256' };

/** The key set of the first issuer: valid keys, and other members that must do no harm. */
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

/** The configuration of the other issuer, without its name, audience and keys. */
export const otherSettings = {
  typ: ['JWT'],
  roles: [{ claim: ['groups'], scopes: { clerks: ['orders:read', 'orders:write'] } }],
};

/** The key set of the other issuer. */
export const otherKeySet: JSONWebKeySet = { keys: [keys.other.publicJwk, keys.otherWithOurKid.publicJwk] };

function without(jwk: JWK, member: keyof JWK): JWK {
  const { [member]: _, ...rest } = jwk;
  return rest;
}

/** The claims of a valid access token of the first issuer. */
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

/**
 * Writes the claims as JSON, with this text as the value of one claim. The text can hold numbers and names that
 * JavaScript cannot represent.
 */
export function textOf(world: World, claim: string, text: string): string {
  const place = 'the place of the claim';
  return JSON.stringify(claimsOf(world, { [claim]: place })).replace(JSON.stringify(place), text);
}

/** Makes a token of the first issuer. It is valid except for the changed claims. */
export function withClaims(world: World, changes: Claims, key: TestKey = keys.es256): string {
  return sign(key, { payload: claimsOf(world, changes) });
}

/** Makes a token of the first issuer. It is valid except for the changed header. */
export function withHeader(world: World, header: NonNullable<Parts['header']>, key: TestKey = keys.es256): string {
  return sign(key, { header, payload: claimsOf(world) });
}

/** Makes a token of the other issuer, valid there except for the changed claims. */
export function ofOther(world: World, changes: Claims = {}, key: TestKey = keys.other): string {
  return sign(key, { header: { typ: 'JWT' }, payload: claimsOf(world, { iss: world.other, ...changes }) });
}

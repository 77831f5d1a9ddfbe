import { generateKeyPairSync, hash, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { JWK } from 'jose';

/** A key pair that signs with ES256. */
export interface SigningPair {
  readonly privateKey: KeyObject;
  /** The public key, with its `kid`, `alg` and `use`. */
  readonly publicJwk: JWK & { readonly kid: string };
}

/** Makes a new key pair. */
export function newSigningPair(): SigningPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  return { privateKey, publicJwk: { ...jwk, kid: randomUUID(), alg: 'ES256', use: 'sig' } };
}

/** Signs a JWT with ES256 (RFC 7515 §3.1). */
export function signed({ privateKey }: SigningPair, header: object, payload: object): string {
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** Returns the thumbprint of a public key (RFC 7638). */
export function thumbprintOf({ publicJwk: { crv, kty, x, y } }: SigningPair): string {
  return hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');
}

/** Returns the hash of an access token for the claim `ath` of a proof (RFC 9449 §4.2). */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'base64url');
}

import type { JWK } from 'jose';
import { isObject } from '../document.ts';

/** The members that make up a public key, by its type (RFC 7518 §6, RFC 8037 §2). `oct` is no public key. */
const members = {
  EC: ['kty', 'crv', 'x', 'y'],
  OKP: ['kty', 'crv', 'x'],
  RSA: ['kty', 'n', 'e'],
} as const;

/** What only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 9964 §3). */
const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/**
 * The public key of a proof's header (RFC 9449 §4.2), with nothing in it but the key.
 *
 * @param jwk - the header's `jwk`
 * @param alg - the header's `alg`
 * @returns `null` where it is no public key, holds anything private, or says that it is for something else
 */
export function publicKey(jwk: unknown, alg: unknown): JWK | null {
  if (!isObject(jwk) || secrets.some((name) => Object.hasOwn(jwk, name))) return null;
  const { kty, use, key_ops: operations } = jwk;
  if (kty !== 'EC' && kty !== 'OKP' && kty !== 'RSA') return null;
  // RFC 7517 §4.2 to §4.4.
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  if (jwk.alg !== undefined && jwk.alg !== alg) return null;
  const entries = members[kty].map((name) => [name, jwk[name]] as const);
  if (!entries.every(([, value]) => typeof value === 'string' && value !== '')) return null;
  return Object.fromEntries(entries);
}

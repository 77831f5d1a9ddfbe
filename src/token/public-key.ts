import { hash } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { fitsAlgorithm } from '../protocol/jwk.ts';
import { readPublishedJwk } from '../protocol/published-jwk.ts';

/** A key of a set that may verify signatures. */
export interface PublicKey {
  /** The thumbprint (RFC 7638) of the key. */
  readonly id: string;
  /** The key, and what is said of its use. */
  readonly jwk: JWK;
  /** Whether it may verify signatures of this algorithm. */
  fits(alg: string): boolean;
  /** @returns null where it is no key after all, such as a point that is not on its curve */
  import(alg: string): Promise<CryptoKey | null>;
}

/**
 * Reads a member of a JWK Set (RFC 7517 §5).
 *
 * @returns null for a member that cannot verify signatures here: an unknown or symmetric type, missing members, a private key
 * (which is public once it was published), another use, numbers out of bounds
 */
export function readPublicKey(member: unknown): PublicKey | null {
  const read = readPublishedJwk(member);
  if (typeof read === 'string') return null;
  const { members, alg, kid } = read;
  const key: JWK = members;
  const imported = new Map<string, Promise<CryptoKey | null>>();
  return {
    id: hash('sha256', JSON.stringify(key), 'base64url'),
    jwk: { ...key, use: 'sig', ...(alg !== undefined && { alg }), ...(kid !== undefined && { kid }) },
    fits: (name) => fitsAlgorithm(read, name),
    import(name) {
      const known = imported.get(name) ?? importKey(key, name);
      imported.set(name, known);
      return known;
    },
  };
}

async function importKey(jwk: JWK, alg: string): Promise<CryptoKey | null> {
  try {
    const key = await importJWK(jwk, alg);
    return key instanceof Uint8Array ? null : key;
  } catch {
    return null;
  }
}

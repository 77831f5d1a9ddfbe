import { hash } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { keyTypeOf } from './algorithms.ts';
import { isObject } from './document.ts';

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

/** What a public key consists of, by `kty`, in the order of RFC 7638 §3.2. `oct` is no public key. */
const members = { EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'], RSA: ['e', 'kty', 'n'] } as const;

/** What only a private or a symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1, RFC 8037 §2). */
const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Bits of an RSA modulus: fewer are broken (RFC 7518 §3.3), more cost whoever verifies too much. */
const modulus = { least: 2048, most: 8192 };

/** Whether a JWK holds a secret: everybody who has it can sign. */
export function isSecret(jwk: Readonly<Record<string, unknown>>): boolean {
  return secretMembers.some((name) => Object.hasOwn(jwk, name));
}

/**
 * Reads a member of a JWK Set (RFC 7517 §5).
 *
 * @returns null for whatever cannot verify signatures here: an unknown or symmetric type, missing members,
 * a private key, another use
 */
export function readPublicKey(member: unknown): PublicKey | null {
  // A private key that was published is everybody's.
  if (!isObject(member) || isSecret(member)) return null;
  const { kty, use, key_ops: operations, alg, kid } = member;
  if (kty !== 'EC' && kty !== 'OKP' && kty !== 'RSA') return null;
  // RFC 7517 §4.2, §4.3: what is said of its use binds.
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  if (alg !== undefined && typeof alg !== 'string') return null;
  const entries = members[kty].map((name) => [name, member[name]] as const);
  if (!entries.every(([, value]) => typeof value === 'string' && value !== '')) return null;
  if (kty === 'RSA' && !isSound(String(member.n))) return null;

  const key: JWK = Object.fromEntries(entries);
  const imported = new Map<string, Promise<CryptoKey | null>>();
  return {
    id: hash('sha256', JSON.stringify(key), 'base64url'),
    jwk: {
      ...key,
      use: 'sig',
      ...(alg !== undefined && { alg }),
      ...(typeof kid === 'string' && { kid }),
    },
    fits(name) {
      const wanted = keyTypeOf(name);
      return wanted?.type === kty && wanted.curve === key.crv && (alg === undefined || alg === name);
    },
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

function isSound(n: string): boolean {
  const bits = Buffer.from(n, 'base64url').length * 8;
  return bits >= modulus.least && bits <= modulus.most;
}

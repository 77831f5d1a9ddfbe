import { types } from 'node:util';
import type { CryptoKey } from 'jose';
import { keyTypeOf } from './algorithms.ts';
import { modulusBits } from './jwk.ts';

/** The parameters of one signature algorithm in the Web Cryptography API. */
interface Parameters {
  readonly verify: { readonly name: string; readonly hash?: string; readonly saltLength?: number };
  /** The name of the algorithm of a key, its hash function and its curve. Undefined: the key has none. */
  readonly key: { readonly name: string; readonly hash: string | undefined; readonly namedCurve: string | undefined };
}

/** Checks a signature. It returns false, or rejects, if the signature does not fit. */
export type SignatureCheck = (signature: Buffer, signed: Buffer) => Promise<boolean>;

/**
 * Returns the function that checks signatures of an algorithm by a key. Only the cryptography is left to it: the
 * encoding of the token, its header and the choice of the key are checked before.
 *
 * jose checks and decodes the token again for each signature. That takes a fifth of the time of an RS256 signature.
 *
 * @returns null if the key is not a public key for this algorithm, or has another form. Then jose decides
 */
export function signatureCheck(algorithm: string, key: unknown): SignatureCheck | null {
  if (!types.isCryptoKey(key)) return null;
  const known = checks.get(key);
  if (known?.algorithm === algorithm) return known.check;
  const parameters = parametersOf(algorithm);
  if (!parameters || !isFor(key, parameters)) return null;
  const check: SignatureCheck = (signature, signed) => crypto.subtle.verify(parameters.verify, key, signature, signed);
  checks.set(key, { algorithm, check });
  return check;
}

/** The check of each key. A key has one algorithm, except the two names of Ed25519. */
const checks = new WeakMap<CryptoKey, { readonly algorithm: string; readonly check: SignatureCheck }>();

/** Returns the parameters of an algorithm of `algorithms.ts` (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1). */
function parametersOf(algorithm: string): Parameters | null {
  const keyType = keyTypeOf(algorithm);
  if (!keyType) return null;
  const { type, curve: namedCurve } = keyType;
  if (type === 'OKP')
    return { verify: { name: 'Ed25519' }, key: { name: 'Ed25519', hash: undefined, namedCurve: undefined } };
  const bits = Number(algorithm.slice(2));
  const hash = `SHA-${bits}`;
  if (type === 'EC') return { verify: { name: 'ECDSA', hash }, key: { name: 'ECDSA', hash: undefined, namedCurve } };
  const name = algorithm.startsWith('PS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  return { verify: { name, hash, saltLength: bits / 8 }, key: { name, hash, namedCurve } };
}

/** Whether a key is a public key that was imported for these parameters, and is long enough (RFC 7518 §3.3). */
function isFor({ type, usages, algorithm }: CryptoKey, { key }: Parameters): boolean {
  const { name, hash, namedCurve, modulusLength } = algorithm as CryptoKeyMembers;
  return (
    type === 'public' &&
    usages.includes('verify') &&
    name === key.name &&
    hash?.name === key.hash &&
    namedCurve === key.namedCurve &&
    (modulusLength === undefined || modulusLength >= modulusBits.least)
  );
}

/** The members of `CryptoKey.algorithm` of all kinds of key. */
interface CryptoKeyMembers {
  readonly name: string;
  readonly hash?: { readonly name: string };
  readonly namedCurve?: string;
  readonly modulusLength?: number;
}

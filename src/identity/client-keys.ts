import { createPublicKey } from 'node:crypto';

/** A public key as a JWK (RFC 7517), with nothing in it but what is needed. */
export type ClientKey = Readonly<Record<string, string>>;

/** How `private_key_jwt` may be signed: never with a secret that both sides know. */
export const clientSigningAlgorithms = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const;

/** The members that make up a public key, by its type (RFC 7518 §6, RFC 8037 §2). */
const members: Readonly<Record<string, readonly string[]>> = {
  EC: ['kty', 'crv', 'x', 'y'],
  OKP: ['kty', 'crv', 'x'],
  RSA: ['kty', 'n', 'e'],
};
const curves: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521', 'Ed25519']);
/** What only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const secrets = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

const mostKeys = 10;
/** In characters. */
const longestSet = 20_000;
/** In bits (RFC 7518 §3.3). */
const shortestModulus = 2_048;

/**
 * Reads the JWK Set that an application registers with (RFC 7591 §2, `jwks`). Nothing is ever fetched for it.
 *
 * @param text JSON
 * @returns the keys, or what is wrong with them, in words for whoever registers
 */
export function readClientKeys(text: string): readonly ClientKey[] | string {
  if (text.length > longestSet) return `it is longer than ${longestSet} characters`;
  const keys = keysOf(text);
  if (!keys) return 'it is no JWK Set (RFC 7517 §5): expected JSON like {"keys":[…]}';
  if (keys.length === 0 || keys.length > mostKeys) return `expected 1 to ${mostKeys} keys`;
  const read: ClientKey[] = [];
  for (const [index, key] of keys.entries()) {
    const publicKey = readKey(key);
    if (typeof publicKey === 'string') return `keys[${index}]: ${publicKey}`;
    read.push(publicKey);
  }
  return read;
}

function keysOf(text: string): readonly unknown[] | null {
  try {
    const set: unknown = JSON.parse(text);
    return isRecord(set) && Array.isArray(set['keys']) ? set['keys'] : null;
  } catch {
    return null;
  }
}

function readKey(key: unknown): ClientKey | string {
  if (!isRecord(key)) return 'expected an object';
  if (secrets.some((name) => Object.hasOwn(key, name))) {
    return 'it holds a private or symmetric key, which is nobody else’s business: make a new one and send its public half';
  }
  const { kty, use } = key;
  const names = typeof kty === 'string' && Object.hasOwn(members, kty) ? members[kty] : undefined;
  if (!names) return 'expected a key of type EC, OKP or RSA';
  if (use !== undefined && use !== 'sig') return 'expected a key for signatures (use: sig)';
  const kept: Record<string, string> = {};
  for (const name of [...names, 'kid', 'alg', 'use']) {
    const value = key[name];
    if (value === undefined && !names.includes(name)) continue;
    if (typeof value !== 'string' || value === '') return `${name}: expected a text`;
    kept[name] = value;
  }
  if (kept['crv'] !== undefined && !curves.has(kept['crv'])) return `crv: expected one of ${[...curves].join(', ')}`;
  if (kept['alg'] !== undefined && !clientSigningAlgorithms.some((name) => name === kept['alg'])) {
    return `alg: expected one of ${clientSigningAlgorithms.join(', ')}`;
  }
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: kept, format: 'jwk' });
    if ((asymmetricKeyDetails?.modulusLength ?? shortestModulus) < shortestModulus) {
      return `expected an RSA key of ${shortestModulus} bits or more`;
    }
  } catch {
    return 'it is no key';
  }
  return kept;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

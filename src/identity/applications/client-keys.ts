import { fitsAlgorithm, isOnCurve, isSecret, readVerificationJwk } from '../../protocol/keys/jwk.ts';
import { isRecord } from '../../protocol/record.ts';

/** A public key as a JWK (RFC 7517). It has only the members that verification needs. */
export type ClientKey = Readonly<Record<string, string>>;

/** The signature algorithms that `private_key_jwt` may use. All of them are asymmetric. */
export const clientSigningAlgorithms = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const;

const maxKeys = 10;
/** In UTF-16 units. */
const maxSetLength = 20_000;

/**
 * Reads the JWK Set in the registration of an application (RFC 7591 §2, `jwks`). Fetches nothing.
 *
 * @param text JSON
 * @returns the keys; or a sentence about what is wrong, for the person who registers
 */
export function readClientKeys(text: string): readonly ClientKey[] | string {
  if (text.length > maxSetLength) return `it is longer than ${maxSetLength} characters`;
  const keys = keysOf(text);
  if (!keys) return 'it is not a JWK Set (RFC 7517 §5): expected JSON like {"keys":[…]}';
  if (keys.length === 0 || keys.length > maxKeys) return `expected 1 to ${maxKeys} keys`;
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
  if (isRecord(key) && isSecret(key)) {
    return 'it holds a private or symmetric key, which only the application may know: make a new key pair and send its public key';
  }
  const read = readVerificationJwk(key);
  if (typeof read === 'string') return read;
  const { members, alg, kid } = read;
  const fitting = clientSigningAlgorithms.filter((name) => fitsAlgorithm({ members }, name));
  if (alg !== undefined && !fitting.some((name) => name === alg)) {
    return `alg: expected one of ${fitting.join(', ')} with this type of key`;
  }
  if (!isOnCurve(read)) return 'its point is not on its curve';
  return { ...members, ...(kid !== undefined && { kid }), ...(alg !== undefined && { alg }), use: 'sig' };
}

/**
 * Returns the keys of an application that may verify its signatures. Leaves out stored keys that `readVerificationJwk`
 * rejects, such as RSA keys with exponent 1. An earlier version of this server accepted them.
 */
export function usableKeys(keys: readonly ClientKey[]): readonly ClientKey[] {
  return keys.filter((key) => typeof readVerificationJwk(key) !== 'string');
}

import { fitsAlgorithm, isOnCurve, isSecret, readVerificationJwk } from '../../protocol/jwk.ts';
import { isRecord } from '../../protocol/record.ts';

/** A public key as a JWK (RFC 7517), with nothing in it but what is needed. */
export type ClientKey = Readonly<Record<string, string>>;

/** How `private_key_jwt` may be signed: never with a secret that both sides know. */
export const clientSigningAlgorithms = ['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256', 'RS256'] as const;

const mostKeys = 10;
/** In characters. */
const longestSet = 20_000;

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
  if (isRecord(key) && isSecret(key)) {
    return 'it holds a private or symmetric key, which is nobody else’s business: make a new one and send its public half';
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
 * The keys of an application that may verify its signatures. Those that an earlier version of this server let in and that
 * `readClientKeys` refuses now, such as RSA keys with exponent 1, are passed over.
 */
export function usableKeys(keys: readonly ClientKey[]): readonly ClientKey[] {
  return keys.filter((key) => typeof readVerificationJwk(key) !== 'string');
}

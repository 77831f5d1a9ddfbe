import { coordinateBytes, modulusBits, readVerificationJwk, type VerificationJwk } from './jwk.ts';
import { isRecord } from '../record.ts';

/**
 * How many missing leading zero bytes of a coordinate are filled in. One coordinate in 65,536 starts with two zero
 * bytes.
 */
const maxMissingBytes = 2;

/** The members that are numbers in base64url. */
const numbers = ['n', 'e', 'x', 'y'];

/**
 * Reads a public key of a key set that an issuer publishes. First corrects the encoding errors of known issuers,
 * because an operator cannot change an issuer's software. Then checks the key like every other key
 * (`readVerificationJwk`).
 *
 * - Members whose value is null count as absent. Some JSON libraries write such members.
 * - Base64 with padding or of the standard alphabet is read as base64url (RFC 7515 §2 has neither).
 * - Missing leading zeros of an EC coordinate are added (RFC 7518 §6.2.1.2 requires them). Leading zeros of an RSA
 * number are removed (RFC 7518 §2 forbids them).
 *
 * All these encodings of a key give the same key and the same thumbprint. Keys that a caller sends are not corrected.
 *
 * @returns the key, or its fault as a text (see `readVerificationJwk`)
 */
export function readPublishedJwk(value: unknown): VerificationJwk | string {
  return readVerificationJwk(mendedJwk(value));
}

/** Returns a published key with its encoding corrected. Does not check the key. */
export function mendedJwk(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const jwk = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
  const bytes = jwk['kty'] === 'EC' && typeof jwk['crv'] === 'string' ? coordinateBytes('EC', jwk['crv']) : undefined;
  for (const name of numbers) {
    const text = jwk[name];
    if (typeof text !== 'string') continue;
    const plain = text
      .replace(/={1,2}$/, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    if (bytes !== undefined) jwk[name] = filled(plain, bytes);
    else jwk[name] = jwk['kty'] === 'RSA' ? withoutZeros(plain) : plain;
  }
  return jwk;
}

/**
 * Returns a number with its leading zeros. Does not change a number that is too long or much too short.
 * `readVerificationJwk` refuses such a number.
 */
function filled(text: string, bytes: number): string {
  if (text.length > Math.ceil((bytes * 4) / 3) || !/^[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const missing = bytes - digits.length;
  if (missing <= 0 || missing > maxMissingBytes) return text;
  return Buffer.concat([Buffer.alloc(missing), digits]).toString('base64url');
}

/**
 * Returns a number without leading zeros. Does not change a number that is longer than allowed. `readVerificationJwk`
 * refuses such a number.
 */
function withoutZeros(text: string): string {
  if (text.length > modulusBits.most || !/^A[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const first = digits.findIndex((byte) => byte !== 0);
  return first > 0 ? digits.subarray(first).toString('base64url') : text;
}

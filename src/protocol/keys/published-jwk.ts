import { coordinateBytes, modulusBits, readVerificationJwk, type VerificationJwk } from './jwk.ts';
import { isRecord } from '../record.ts';

/**
 * How many missing leading zero bytes of a coordinate are added. One coordinate in 65,536 starts with two zero bytes.
 */
const maxMissingBytes = 2;

/** The members that are numbers in base64url. */
const numbers = ['n', 'e', 'x', 'y'];

/**
 * Reads a public key of a key set that an issuer publishes. First corrects the encoding errors below, because some
 * issuers make them. Then checks the key with `readVerificationJwk`.
 *
 * - A member whose value is null counts as absent.
 * - Padding is removed, and the standard alphabet of base64 is read as base64url (RFC 7515 §2).
 * - Missing leading zeros of an EC coordinate are added (RFC 7518 §6.2.1.2). Leading zeros of an RSA number are removed
 *   (RFC 7518 §2).
 *
 * The correction changes neither the key nor its thumbprint. A key that a caller sends is not corrected.
 *
 * @returns the key, or its fault as a text (see `readVerificationJwk`)
 */
export function readPublishedJwk(value: unknown): VerificationJwk | string {
  return readVerificationJwk(mendedJwk(value));
}

/** Corrects the encoding of a published key. Does not check the key. */
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
 * Adds missing leading zeros to a number. A number that is too long or much too short is returned unchanged, and
 * `readVerificationJwk` refuses it.
 */
function filled(text: string, bytes: number): string {
  if (text.length > Math.ceil((bytes * 4) / 3) || !/^[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const missing = bytes - digits.length;
  if (missing <= 0 || missing > maxMissingBytes) return text;
  return Buffer.concat([Buffer.alloc(missing), digits]).toString('base64url');
}

/**
 * Removes the leading zeros of a number. A number that is too long is returned unchanged, and `readVerificationJwk`
 * refuses it.
 */
function withoutZeros(text: string): string {
  if (text.length > modulusBits.most || !/^A[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const first = digits.findIndex((byte) => byte !== 0);
  return first > 0 ? digits.subarray(first).toString('base64url') : text;
}

import { coordinateBytes, modulusBits, readVerificationJwk, type VerificationJwk } from './jwk.ts';
import { isRecord } from './record.ts';

/** Missing leading zeros of a coordinate that are filled in: two are missing in one of 65,536 keys. */
const mostMissing = 2;

/** The members that are numbers in base64url. */
const numbers = ['n', 'e', 'x', 'y'];

/**
 * Reads a public key of a key set that an issuer publishes. It is judged like every other key (`readVerificationJwk`), after the
 * ways of writing it that are in use and wrong have been mended: an operator cannot change an issuer's software.
 *
 * - Members whose value is null count as absent: libraries that write objects as JSON leave them in.
 * - Base64 with padding or of the standard alphabet is read as base64url (RFC 7515 §2 has neither).
 * - Leading zeros of an EC coordinate that were left out are filled in (RFC 7518 §6.2.1.2 wants all), and those of an RSA number are
 *   left out (§2 wants none).
 *
 * The same key comes out however it is written, and so its thumbprint. Keys that a caller sends are not mended.
 *
 * @returns the key, or what is wrong with it, as `readVerificationJwk` does
 */
export function readPublishedJwk(value: unknown): VerificationJwk | string {
  return readVerificationJwk(mendedJwk(value));
}

/** A published key with its spelling mended, and otherwise as it is. */
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

/** A number with its leading zeros. What is longer, or much shorter, is left for the reader to refuse. */
function filled(text: string, bytes: number): string {
  if (text.length > Math.ceil((bytes * 4) / 3) || !/^[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const missing = bytes - digits.length;
  if (missing <= 0 || missing > mostMissing) return text;
  return Buffer.concat([Buffer.alloc(missing), digits]).toString('base64url');
}

/** What is longer than any number that is taken is left for the reader to refuse. */
function withoutZeros(text: string): string {
  if (text.length > modulusBits.most || !/^A[\w-]+$/.test(text)) return text;
  const digits = Buffer.from(text, 'base64url');
  const first = digits.findIndex((byte) => byte !== 0);
  return first > 0 ? digits.subarray(first).toString('base64url') : text;
}

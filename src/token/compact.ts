import { parseStrictObject } from './json.ts';
import { refused } from './refusal.ts';

/** No token is longer than this, in characters: Node refuses larger headers by default, and other ways in have no limit. */
export const longest = 16_384;

/** A token taken apart, and not yet believed. */
export interface Unverified {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Reads a JWS in compact serialization (RFC 7515 §7.1) whose payload is a JSON object (RFC 7519 §7.2).
 *
 * Each token has exactly one spelling: base64url without padding and with its unused bits zero (RFC 7515 §2, RFC 4648
 * §3.5), so that what is revoked or cached under one spelling cannot come back under another.
 *
 * @throws ClaimgateError `INVALID_TOKEN`
 */
export function readCompact(token: string): Unverified {
  if (token.length > longest) throw refused('it is too long');
  const segments = token.split('.', 4);
  const [header, payload] = segments;
  if (segments.length !== 3 || header === undefined || payload === undefined || !segments.every(isCanonical)) {
    throw refused('it is not a signed JWT of three base64url segments');
  }
  return { header: parse(header, 'header'), payload: parse(payload, 'payload') };
}

const alphabet = /^[\w-]+$/;

/**
 * What a segment may end in, by its length modulo 4: two characters hold one byte and leave four bits of the last, three hold
 * two bytes and leave two bits, and one holds none. What is left must be zero. Undefined: whatever the alphabet has.
 */
const lastCharacters: readonly (string | undefined)[] = [undefined, '', 'AQgw', 'AEIMQUYcgkosw048'];

/** Whether a segment is the one encoding of its bytes, and of one byte at least. */
function isCanonical(segment: string): boolean {
  const endings = lastCharacters[segment.length % 4];
  return alphabet.test(segment) && (endings === undefined || endings.includes(segment.charAt(segment.length - 1)));
}

function parse(segment: string, part: string): Readonly<Record<string, unknown>> {
  try {
    return parseStrictObject(Buffer.from(segment, 'base64url'));
  } catch (error) {
    throw refused(`its ${part} is not a JSON object with each member once`, error);
  }
}

import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The secrets of one authorization request. They are derived from the handle that the client keeps. */
export interface TransactionSecrets {
  readonly state: string;
  /** OpenID Connect Core §3.1.2.1. */
  readonly nonce: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
}

/** Makes a handle of 256 random bits. @param random - returns the given number of random bytes */
export function newHandle(random: (bytes: number) => Buffer): string {
  return random(32).toString('base64url');
}

/** Whether a text has the form of a handle. */
export function isHandle(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Returns the hash under which a handle is stored. */
export function handleId(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url');
}

/**
 * Derives the state, nonce and code verifier of a transaction from its handle, with HKDF (RFC 5869). The server does
 * not store them. Neither the database nor the state and nonce in a URL reveal the verifier or the handle.
 */
export function secretsOf(handle: string): TransactionSecrets {
  const derive = (what: string) =>
    Buffer.from(hkdfSync('sha256', handle, '', `claimgate transaction ${what}`, 32)).toString('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code verifier') };
}

/** Returns the `code_challenge` of method S256 (RFC 7636 §4.2). */
export function codeChallengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** Whether two texts are equal. The time of the comparison does not depend on the number of equal characters. */
export function isSame(actual: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(actual), digest(expected));
}

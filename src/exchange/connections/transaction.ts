import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What one authorization request sends along, all of it derived from the handle that its client keeps. */
export interface TransactionSecrets {
  readonly state: string;
  /** OpenID Connect Core §3.1.2.1. */
  readonly nonce: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
}

/** A handle that cannot be guessed: 256 bits. @param random makes so many random bytes */
export function newHandle(random: (bytes: number) => Buffer): string {
  return random(32).toString('base64url');
}

/** Whether this can be a handle. */
export function isHandle(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** What is stored of a handle. */
export function handleId(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url');
}

/**
 * State, nonce and verifier of a transaction, by HKDF (RFC 5869) from its handle: so nothing of them has to be stored, and
 * neither the database nor the state and nonce in an address give the verifier or the handle away.
 */
export function secretsOf(handle: string): TransactionSecrets {
  const derive = (what: string) =>
    Buffer.from(hkdfSync('sha256', handle, '', `claimgate transaction ${what}`, 32)).toString('base64url');
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code verifier') };
}

/** `code_challenge` of the method S256 (RFC 7636 §4.2). */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}

/** Compares in a time that does not tell how much of it fits. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Returns 256 random bits in base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Returns the hash under which a secret of `newSecret` is stored.
 *
 * One round of SHA-256 is enough for 256 random bits. For passwords, use `accounts/password-hash.ts`.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** Finds out whether a secret has this hash, in constant time. */
export function secretMatches(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret)), Buffer.from(hash));
}

/** What this room needs stored. A room that has a database implements it. Identifiers are hashes before they come here. */

/** Identifiers that may be used once, shared by every replica (RFC 9449 §11.1). */
export interface Replays {
  /**
   * @param id a hash
   * @param expiresAt until when it must be remembered, in milliseconds since the epoch
   * @returns false if it was added before
   */
  add(id: string, expiresAt: number): Promise<boolean>;
}

/** One thing that no longer counts, although tokens that name it have not run out. */
export interface Revocation {
  /** What is revoked: every access token of a grant, one token, every token of a session or of an account. */
  readonly kind: 'grant' | 'token' | 'session' | 'account';
  readonly issuer: string;
  /** `grant_id`, `jti`, `sid` or `sub` of the tokens concerned. */
  readonly id: string;
  /** Only tokens issued at or before this concern it, in milliseconds since the epoch. */
  readonly issuedUntil: number;
  /** When the last token concerned has run out, in milliseconds since the epoch: then it is forgotten. */
  readonly expiresAt: number;
  /** When it was revoked, in milliseconds since the epoch. Default: when it is added. */
  readonly revokedAt?: number;
}

/** Revocations as they come in, from every replica. */
export interface RevocationFeed {
  /** @param cursor what the last call returned; null: from the beginning, of what has not expired */
  since(cursor: string | null): Promise<{ readonly revocations: readonly Revocation[]; readonly cursor: string }>;
}

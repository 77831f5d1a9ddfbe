/** The storage that this room needs. A room with a database implements it. */

/** A store of identifiers that may be used only one time (RFC 9449 §11.1). All replicas share it. */
export interface Replays {
  /**
   * @param id a hash of the identifier
   * @param expiresAt the time until which the identifier must be stored, in milliseconds since the epoch
   * @returns false if the identifier was added before
   */
  add(id: string, expiresAt: number): Promise<boolean>;
}

/** A revoked grant, token, session or account. The verifier refuses tokens that name it. */
export interface Revocation {
  /**
   * Which access tokens are revoked: all tokens of a grant, one token, all tokens of a session, or all tokens of an
   * account.
   */
  readonly kind: 'grant' | 'token' | 'session' | 'account';
  readonly issuer: string;
  /** The value of `grant_id`, `jti`, `sid` or `sub` in the revoked tokens. */
  readonly id: string;
  /** Only tokens issued at or before this time are revoked, in milliseconds since the epoch. */
  readonly issuedUntil: number;
  /**
   * The time at which the last revoked token expires, in milliseconds since the epoch. The revocation is deleted after
   * this time.
   */
  readonly expiresAt: number;
  /**
   * The time of the revocation, in milliseconds since the epoch. Default: the time at which the revocation is added.
   */
  readonly revokedAt?: number;
}

/** The stored revocations of all replicas. */
export interface RevocationFeed {
  /**
   * Returns the revocations that were stored after a cursor.
   * @param cursor the cursor that the last call returned; null: all revocations that have not expired
   */
  since(cursor: string | null): Promise<{ readonly revocations: readonly Revocation[]; readonly cursor: string }>;
}

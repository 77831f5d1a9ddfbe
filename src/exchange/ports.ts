/** The storage that this room needs. A room with a database implements it. All identifiers are hashes already. */

/** An authorization request that has begun and is not completed yet. */
export interface PendingTransaction {
  /** A hash of the handle. */
  readonly id: string;
  /** The name of the connection. */
  readonly connection: string;
  /** The redirect URI of the authorization request. */
  readonly redirectUri: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Authorization requests, shared by all replicas. */
export interface Transactions {
  add(transaction: PendingTransaction): Promise<void>;
  /**
   * Takes a transaction. If several callers try at the same time, one of them gets it.
   *
   * @param now milliseconds since the epoch
   * @returns null where the connection has no such transaction, or it has expired or was taken already
   */
  take(id: string, connection: string, now: number): Promise<{ readonly redirectUri: string } | null>;
  /** Undoes the `take` of that time. */
  giveBack(id: string, takenAt: number): Promise<void>;
}

/** A refresh handle. A caller can use it once. */
export interface Handle {
  /** A hash of the handle. */
  readonly id: string;
  /** The encrypted refresh token. */
  readonly sealed: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The result of claiming a handle. */
export type Claim =
  | { readonly is: 'claimed'; readonly family: string; readonly sealed: string }
  /** Another request is using the handle. */
  | { readonly is: 'busy' }
  /** The handle was used at that time. */
  | { readonly is: 'spent'; readonly family: string; readonly at: number }
  | { readonly is: 'unknown' };

/** Refresh handles, shared by all replicas. Each sign-in has a family of handles, of which one is valid. */
export interface ConnectionGrants {
  add(handle: Handle & { readonly family: string; readonly connection: string }): Promise<void>;
  /**
   * Claims a handle until a time. If several requests try at once, one of them gets it. After that time the request counts as
   * dead, and another may claim the handle. The time identifies the claim.
   */
  claim(id: string, connection: string, now: number, until: number): Promise<Claim>;
  /** Ends a claim. The handle stays valid. @param sealed the new encrypted refresh token; absent: it is not changed */
  release(id: string, until: number, sealed?: string): Promise<void>;
  /**
   * Ends a claim: marks the handle as used and adds its successor, in one transaction.
   *
   * @returns false where the claim has ended already; then nothing is changed
   */
  rotate(id: string, until: number, next: Handle, now: number): Promise<boolean>;
  /** Returns the family of a handle, which may be used already; null where the handle is unknown. */
  find(id: string, connection: string): Promise<string | null>;
  /**
   * Deletes a family.
   *
   * @returns the encrypted refresh token of its valid handle; null where it had none, so that nothing was ended
   */
  end(family: string, cause: EndCause): Promise<SealedToken | null>;
}

/** Why a family of handles ends: its holder revoked it, a used handle was sent again, or the issuer rejected its refresh token. */
export type EndCause = 'revoked' | 'reused' | 'refused';

export interface SealedToken {
  /** The hash of the handle that the token was encrypted for. */
  readonly id: string;
  readonly sealed: string;
}

/** Encrypts stored values. A value that was sealed for one purpose cannot be opened for another. */
export interface Seal {
  seal(text: string, purpose: string): string;
  /** @throws Error where the value cannot be decrypted */
  open(sealed: string, purpose: string): string;
}

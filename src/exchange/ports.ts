/** The storage that this room needs. A room with a database implements it. It receives only hashes of handles. */

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
   * Takes a transaction. If several callers try at the same time, only one of them gets it.
   *
   * @param now - milliseconds since the epoch
   * @returns null if the connection has no transaction with this id, or if the transaction has expired or was taken
   * already
   */
  take(id: string, connection: string, now: number): Promise<{ readonly redirectUri: string } | null>;
  /** Undoes a `take`. @param takenAt - the `now` of this `take` */
  giveBack(id: string, takenAt: number): Promise<void>;
}

/** A refresh handle. A caller can use it once. */
export interface RefreshHandle {
  /** A hash of the handle. */
  readonly id: string;
  /** The encrypted refresh token. */
  readonly sealed: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The result of claiming a handle. */
export type HandleClaim =
  | { readonly is: 'claimed'; readonly family: string; readonly sealed: string }
  /** Another request is using the handle. */
  | { readonly is: 'busy' }
  /** The handle was used at `at`. */
  | { readonly is: 'spent'; readonly family: string; readonly at: number }
  | { readonly is: 'unknown' };

/**
 * Refresh handles, shared by all replicas. Each sign-in has a family of handles. Only one handle of a family is valid.
 */
export interface ConnectionGrants {
  add(handle: RefreshHandle & { readonly family: string; readonly connection: string }): Promise<void>;
  /**
   * Claims a handle until the time `until`. If several requests try at once, only one of them gets the handle. After
   * `until`, another request may claim it. `until` identifies the claim.
   */
  claim(id: string, connection: string, now: number, until: number): Promise<HandleClaim>;
  /** Ends a claim. The handle stays valid. @param sealed - the new encrypted refresh token. Default: unchanged */
  release(id: string, until: number, sealed?: string): Promise<void>;
  /**
   * Ends a claim. In one transaction, marks the handle as used and adds its successor.
   *
   * @returns false if the claim has ended already. Nothing is then changed
   */
  rotate(id: string, until: number, next: RefreshHandle, now: number): Promise<boolean>;
  /** Returns the family of a valid or used handle. Null if the handle is unknown. */
  find(id: string, connection: string): Promise<string | null>;
  /**
   * Deletes a family. If it had a valid handle, the end is recorded.
   *
   * @returns the encrypted refresh token of the family's valid handle. Null if it had no valid handle
   */
  end(family: string, cause: EndCause): Promise<SealedToken | null>;
}

/**
 * Why a family of handles ends. `revoked`: its holder revoked it. `reused`: a used handle was sent again. `refused`:
 * the issuer rejected the refresh token.
 */
export type EndCause = 'revoked' | 'reused' | 'refused';

export interface SealedToken {
  /** The hash of the handle for which the token was encrypted. */
  readonly id: string;
  readonly sealed: string;
}

/** Encrypts stored values. Each value can be decrypted only for the purpose for which it was encrypted. */
export interface Seal {
  seal(text: string, purpose: string): string;
  /** @throws Error if the value cannot be decrypted */
  open(sealed: string, purpose: string): string;
}

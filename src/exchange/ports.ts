/** What this room needs stored, for whoever has a database. Identifiers are hashes before they come here. */

/** An authorization request that somebody began, and that nobody has come back from. */
export interface PendingTransaction {
  /** A hash of the handle. */
  readonly id: string;
  /** The name of the connection. */
  readonly connection: string;
  /** As in the authorization request. */
  readonly redirectUri: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Transactions, shared by every replica. */
export interface Transactions {
  add(transaction: PendingTransaction): Promise<void>;
  /**
   * Takes a transaction: of any number that try, one is given it.
   *
   * @param now milliseconds since the epoch
   * @returns null where there is none of this connection, it has expired, or somebody took it
   */
  take(id: string, connection: string, now: number): Promise<{ readonly redirectUri: string } | null>;
  /** Undoes a `take`, by whoever took it at that time. */
  giveBack(id: string, takenAt: number): Promise<void>;
}

/** A refresh handle that may be used once. */
export interface Handle {
  /** A hash of it. */
  readonly id: string;
  /** What stands behind it, encrypted. */
  readonly sealed: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What became of the wish to use a handle. */
export type Claim =
  | { readonly is: 'claimed'; readonly family: string; readonly sealed: string }
  /** Somebody uses it at this moment. */
  | { readonly is: 'busy' }
  /** It was used up, at that time. */
  | { readonly is: 'spent'; readonly family: string; readonly at: number }
  | { readonly is: 'unknown' };

/** Refresh handles in families, one for each sign-in, shared by every replica. Of a family one handle is good. */
export interface ConnectionGrants {
  add(handle: Handle & { readonly family: string; readonly connection: string }): Promise<void>;
  /**
   * Of any number that claim a handle at once, one has it: until a time, after which whoever claimed it is taken for dead.
   * The time names the claim.
   */
  claim(id: string, connection: string, now: number, until: number): Promise<Claim>;
  /** Ends a claim, and the handle stays good. @param sealed what stands behind it from now on; absent: what did */
  release(id: string, until: number, sealed?: string): Promise<void>;
  /**
   * Ends a claim: the handle is used up, and its successor is there, both or neither.
   *
   * @returns false where the claim is no more, and nothing has happened
   */
  rotate(id: string, until: number, next: Handle, now: number): Promise<boolean>;
  /** The family of a handle, used up or not; null where it is unknown. */
  find(id: string, connection: string): Promise<string | null>;
  /**
   * Deletes a family.
   *
   * @returns what stood behind its good handle; null where there was none any more: then nothing has ended
   */
  end(family: string, cause: EndCause): Promise<SealedToken | null>;
}

/** Why a family of handles ends: its holder revoked it, a used handle came again, or the issuer refused its refresh token. */
export type EndCause = 'revoked' | 'reused' | 'refused';

export interface SealedToken {
  /** The hash of the handle that it was sealed for. */
  readonly id: string;
  readonly sealed: string;
}

/** Encrypts what is stored. What is sealed for one purpose opens for no other. */
export interface Seal {
  seal(text: string, purpose: string): string;
  /** @throws Error where it cannot be opened */
  open(sealed: string, purpose: string): string;
}

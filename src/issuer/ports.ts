/** The storage that this room needs. A room with a database implements it. */

/**
 * A store for the last fetched key sets of foreign issuers. If an issuer is not available after a restart, the server
 * uses the stored set.
 */
export interface KeyCopies {
  /** @returns null if there is no copy */
  load(issuer: string): Promise<KeyCopy | null>;
  save(issuer: string, copy: KeyCopy): Promise<void>;
}

export interface KeyCopy {
  /** A JWK Set (RFC 7517 §5), public keys only. */
  readonly keySet: { readonly keys: readonly object[] };
  /** When the key set was fetched, in milliseconds since the epoch. */
  readonly fetchedAt: number;
}

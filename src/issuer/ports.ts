/** The storage that this room needs. A room with a database implements it. */

/**
 * The last fetched key sets of foreign issuers. After a restart, the server uses them for an issuer that is not
 * available.
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

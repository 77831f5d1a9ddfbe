/** What this room needs stored. A room that has a database implements it. */

/** The last key sets that were fetched of issuers elsewhere, so that a restart while an issuer is down finds its keys. */
export interface KeyCopies {
  /** @returns null where there is no copy */
  load(issuer: string): Promise<KeyCopy | null>;
  save(issuer: string, copy: KeyCopy): Promise<void>;
}

export interface KeyCopy {
  /** A JWK Set (RFC 7517 §5), public keys only. */
  readonly keySet: { readonly keys: readonly object[] };
  /** When it was fetched, in milliseconds since the epoch. */
  readonly fetchedAt: number;
}

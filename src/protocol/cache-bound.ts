/** What bounds a cache that lives longer than a request. */
export interface CacheBound {
  readonly entries: number;
  /** Of heap, as the cache itself estimates what it holds: from above. */
  readonly bytes: number;
  /** Who can add to it: a caller without a token, a caller with an account or client, or the operator alone. */
  readonly grownBy: 'anyone' | 'account' | 'operator';
  readonly holds: string;
}

/** The bound of a cache that lives longer than a request. */
export interface CacheBound {
  readonly entries: number;
  /** Bytes of heap. The cache estimates the size of its entries. The estimate is never too low. */
  readonly bytes: number;
  /** The party that can make the cache grow: any caller, a caller with an account or client, or only the operator. */
  readonly grownBy: 'anyone' | 'account' | 'operator';
  readonly holds: string;
}

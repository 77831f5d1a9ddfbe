/** The bounds of a cache that stays after a request. */
export interface CacheBound {
  readonly entries: number;
  /** The largest size of all entries, in bytes of heap. The size of an entry is an upper estimate. */
  readonly bytes: number;
  /**
   * Who can make the cache grow. `anyone`: every caller. `account`: a caller with an account or a client. `operator`:
   * only the operator.
   */
  readonly grownBy: 'anyone' | 'account' | 'operator';
  readonly holds: string;
}

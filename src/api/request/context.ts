import type { Principal } from '../../principal.ts';

/**
 * The context of a request, which resolvers read. The transport makes a new object for each request. Values that live
 * longer than a request, such as the store, are not in the context. Modules get them when they are made.
 */
export interface ApiContext {
  readonly principal: Principal;
  /** The network address of the caller. */
  readonly address: string;
}

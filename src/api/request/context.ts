import type { Principal } from '../../principal.ts';

/**
 * The context of a request, for resolvers. The transport makes a new object for each request. Long-lived values, such
 * as the store, are not in the context. A module gets them when the module is created.
 */
export interface ApiContext {
  readonly principal: Principal;
  /** The network address of the caller. */
  readonly address: string;
}

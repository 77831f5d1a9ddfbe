import type { Principal } from '../../principal.ts';

/**
 * The context of a request, which resolvers read. The transport makes a new object for each request. Modules get what outlives a
 * request (the store, the catalogue, the exchange) when they are made.
 */
export interface ApiContext {
  readonly principal: Principal;
  /** The network address that the request came from. */
  readonly address: string;
}

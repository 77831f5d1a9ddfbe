import type { Principal } from '../../principal.ts';

/**
 * What resolvers are told of one request: a new object for each, made by the transport. What outlives a request (the
 * store, the catalogue, the exchange) is given to the modules when they are made.
 */
export interface ApiContext {
  readonly principal: Principal;
  /** The network address that the request came from. */
  readonly address: string;
}

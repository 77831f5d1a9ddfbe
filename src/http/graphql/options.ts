import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError, GraphQLSchema, ParseOptions, ValidationRule } from 'graphql';
import type { Runner } from '../../api/operation/operation.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import type { OnOperation } from './operation-watch.ts';
import type { NetworkOf, PlaceLimits } from './places.ts';

/** Anything a resolver may be told of a request. */
export type Context = object;

/** What its context is made of. */
export interface GraphqlRequest {
  /** Name, value, name, value… */
  readonly rawHeaders: readonly string[];
  readonly method: string;
  /** The caller's network address. */
  readonly address: string;
}

export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  /** What resolvers are told of a request; it throws where the credential is bad. */
  readonly context: (request: GraphqlRequest) => Promise<Context>;
  /**
   * Whether a browser gets Apollo Sandbox. It is a script of somebody else's on our own origin, where people sign in: for
   * trying out on one's own machine, and not where people rely on us.
   */
  readonly sandbox: boolean;
  /** In their order. */
  readonly plugins: readonly ApolloServerPlugin<Context>[];
  readonly parseOptions: ParseOptions;
  readonly validationRules: readonly ValidationRule[];
  /** Runs operations over WebSocket and server-sent events. */
  readonly runner: Runner;
  /** The largest message, in bytes. */
  readonly bodyLimit: number;
  /** Whose pages may call, and open a WebSocket. */
  readonly pages: CrossOrigin;
  /** How many WebSockets and event streams may be open, and how many operations may be under way on one WebSocket. */
  readonly streams: PlaceLimits & { readonly operations: number };
  readonly networkOf: NetworkOf;
  readonly onOperation?: OnOperation;
  /** The last word on what a caller reads of an error. */
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

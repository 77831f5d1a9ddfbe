import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError, GraphQLSchema, ParseOptions, ValidationRule } from 'graphql';
import type { KnownOperations, KnownReports, Runner, TrustedDocuments } from '../../api/operation/operation.ts';
import type { CrossOrigin } from '../headers/cross-origin.ts';
import type { LandingPage } from './landing-page.ts';
import type { OnOperation } from './operation-watch.ts';
import type { NetworkOf, PlaceLimits } from './places.ts';

/** The context of an operation. Its members depend on the API. */
export type OperationContext = object;

/** The parts of a request from which the context is made. */
export interface GraphqlRequest {
  /** Name, value, name, value… */
  readonly rawHeaders: readonly string[];
  readonly method: string;
  /** The caller's network address. */
  readonly address: string;
}

/** The options of the API endpoint. */
export interface GraphqlOptions {
  readonly schema: GraphQLSchema;
  /** Makes the context of an operation. Throws, or rejects, if the credential is refused. */
  readonly context: (request: GraphqlRequest) => OperationContext | Promise<OperationContext>;
  /** What a browser gets at the endpoint. */
  readonly landingPage: LandingPage;
  /** Apollo Server's plugins, in the order in which they run. */
  readonly plugins: readonly ApolloServerPlugin<OperationContext>[];
  readonly parseOptions: ParseOptions;
  readonly validationRules: readonly ValidationRule[];
  /** Runs operations over WebSocket and server-sent events. */
  readonly runner: Runner;
  /** The largest body and the largest message of a WebSocket, in bytes. */
  readonly bodyLimit: number;
  /** Decides which origins' pages may call the API and open a WebSocket. */
  readonly pages: CrossOrigin;
  /**
   * The limits of open WebSockets and event streams. `operations` limits the operations that run on one WebSocket at
   * the same time.
   */
  readonly streams: PlaceLimits & { readonly operations: number };
  readonly networkOf: NetworkOf;
  /** Called with the outcome of each operation over HTTP, except server-sent events. Default: no-op. */
  readonly onOperation?: OnOperation;
  /** The trusted documents, by their IDs. Default: a request cannot name a document by an ID. */
  readonly trusted?: TrustedDocuments | undefined;
  /** Makes the registry of known documents. Default: no document is known. */
  readonly known?: (reports: KnownReports) => KnownOperations;
  /** Decides which parts of an error a caller reads. */
  readonly formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}

import type { ExecutionArgs, GraphQLError, OperationTypeNode } from 'graphql';

/** Who is calling, for as long as a connection lasts. */
export interface Caller {
  /** A new context for an operation or an event, with the principal that the connection has at the moment. */
  context(): object;
  /** Why the connection may get no more, once that is so. */
  readonly fault: GraphQLError | null;
  /**
   * Calls the listener once the connection gets no more, or is closed.
   *
   * @returns a function that stops listening
   */
  onEnd(listener: (fault: GraphQLError) => void): () => void;
}

/** An operation that may run. */
export interface PreparedOperation extends ExecutionArgs {
  readonly operation: OperationTypeNode;
  readonly caller: Caller;
  /** `ended` settles once the execution has settled and the source of events has returned, whether or not the client still listens. */
  readonly ended: Promise<void>;
  /** Settles `ended`. */
  readonly end: () => void;
}

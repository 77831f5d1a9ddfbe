import type { ExecutionArgs, GraphQLError, OperationTypeNode } from 'graphql';

/** The caller of a WebSocket or an event stream, for as long as the connection is open. */
export interface StreamCaller {
  /** Returns a new context for an operation or an event, with the current principal of the connection. */
  context(): object;
  /** The error that ended the connection; `null` while it is open. */
  readonly fault: GraphQLError | null;
  /**
   * Calls the listener when the connection ends. If it has already ended, the listener is not called: read `fault`.
   *
   * @returns a function that removes the listener
   */
  onEnd(listener: (fault: GraphQLError) => void): () => void;
}

/** An operation that passed every step before its execution. */
export interface PreparedOperation extends ExecutionArgs {
  readonly operation: OperationTypeNode;
  readonly caller: StreamCaller;
  /**
   * Settles when all executions have settled and the source of events has ended. This can be after the client has
   * disconnected.
   */
  readonly ended: Promise<void>;
  /** Settles `ended`. */
  readonly end: () => void;
}

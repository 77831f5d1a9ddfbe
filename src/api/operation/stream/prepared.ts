import type { ExecutionArgs, GraphQLError, OperationTypeNode } from 'graphql';

/** The caller of an open WebSocket or event stream. */
export interface StreamCaller {
  /** Returns a new context for an operation or an event, with the current principal of the connection. */
  context(): object;
  /** The error that ended the connection. `null` while it is open. */
  readonly fault: GraphQLError | null;
  /**
   * Calls the listener when the connection ends. Does not call it if the connection has already ended. Read `fault`
   * first.
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
   * Settles when all executions have settled and the source of events has ended. The client may have disconnected
   * before.
   */
  readonly ended: Promise<void>;
  /** Settles `ended`. */
  readonly end: () => void;
}

import type { Failure } from '../send/failure.ts';

/** An operation to send. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Whether the document cannot be parsed, or has several operations of which none is chosen. */
  readonly isUnread?: true;
}

/** What one caller got for an operation. */
export interface Answer {
  readonly callerId: string;
  /** The name of the caller. It is text that people chose. */
  readonly label: string;
  /** The status of the HTTP answer. `null`: there was no answer. */
  readonly status: number | null;
  /** The parsed GraphQL answer. Undefined if the server sent no GraphQL answer. */
  readonly result: unknown;
  /** Why there is no GraphQL answer. */
  readonly failure: Failure | null;
  readonly durationMs: number;
  /** The ID under which the server logs the request. */
  readonly requestId: string | null;
  /** Whether the token was renewed and the query sent again. */
  readonly wasRepeated: boolean;
}

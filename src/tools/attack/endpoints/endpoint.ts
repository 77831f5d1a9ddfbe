import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Persona } from '../callers/persona.ts';
import type { WrittenOperation } from '../operations/write.ts';
import type { Target } from '../places/target.ts';

/** One operation of an attack. */
export interface Request extends WrittenOperation {
  readonly document: DocumentNode;
  readonly target: Target;
  readonly persona: Persona;
}

/** A resolver that ran. */
export interface Ran {
  /** The field: `Type.field`. */
  readonly coordinate: string;
  /** The response keys from the root to the field, without the numbers of list items. */
  readonly path: readonly string[];
}

/** What an operation brought. */
export interface Reply {
  readonly data: unknown;
  /** The messages of errors. */
  readonly errors: readonly string[];
  /** The resolvers that ran. `null`: it is not known. */
  readonly ran: readonly Ran[] | null;
}

/** How an operation is sent, for example over WebSocket, or executed without the decision before it runs. */
export interface Transport {
  readonly name: string;
  /** @returns null if this transport does not take the operation */
  readonly send: (request: Request) => Promise<Reply | null>;
}

/** What is attacked. */
export interface Endpoint {
  readonly schema: GraphQLSchema;
  /** At least one. The first takes every operation. */
  readonly transports: readonly Transport[];
  /** The number of transports by which a way is tried. The plain way is tried by all of them. */
  readonly perWay: number;
  /** Whether the attack decides what owners and policies answer. */
  readonly knowsAnswers: boolean;
  /** Whether mutations change nothing, or may change what they change. */
  readonly runsMutations: boolean;
  /** Ends its connections. */
  readonly close?: () => Promise<void>;
}

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

/** What an operation brought. */
export interface Reply {
  readonly data: unknown;
  /** The messages of errors. */
  readonly errors: readonly string[];
  /** The coordinates of the fields whose resolver ran. `null`: it is not known. */
  readonly ran: readonly string[] | null;
}

/** What is attacked. */
export interface Endpoint {
  readonly schema: GraphQLSchema;
  /** How an operation is sent, by name: with and without the decision before it runs, or over HTTP. */
  readonly transports: readonly { readonly name: string; readonly send: (request: Request) => Promise<Reply> }[];
  /** Whether the attack decides what owners and policies answer. */
  readonly knowsAnswers: boolean;
  /** Whether mutations change nothing, or may change what they change. */
  readonly runsMutations: boolean;
}

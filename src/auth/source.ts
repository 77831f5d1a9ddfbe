import type { GraphQLSchema } from 'graphql';
import type { Rule } from './rules/rule.ts';

/** An executable schema that the guard may change, with its rules. No guard is in the schema yet. */
export interface Source {
  readonly schema: GraphQLSchema;
  readonly rules: readonly Rule[];
  /** Returns warnings about the way in which the schema was written. */
  readonly warnings: () => readonly string[];
}

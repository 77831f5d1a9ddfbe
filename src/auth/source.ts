import type { GraphQLSchema } from 'graphql';
import type { Rule } from './rules/rule.ts';

/** An executable schema without the guard, and its rules. `createGuardedSchema` may change this schema. */
export interface Source {
  readonly schema: GraphQLSchema;
  readonly rules: readonly Rule[];
  /** Returns warnings about the SDL. */
  readonly warnings: () => readonly string[];
}

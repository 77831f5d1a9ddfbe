import type { GraphQLInputType } from 'graphql';

/** An argument with its value, as it is sent in variables and as it is written in a document. */
export interface Given {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** A value of JSON. Enum values are their names. */
  readonly value: unknown;
}

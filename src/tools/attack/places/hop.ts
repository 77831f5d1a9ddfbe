import type { GraphQLInputType, OperationTypeNode } from 'graphql';

/** An argument with its value, as it is sent in variables and as it is written in a document. */
export interface Given {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** A value of JSON. Enum values are their names. */
  readonly value: unknown;
}

/** One field on the way to a place. */
export interface Hop {
  /** The object type or interface on which the field is selected. */
  readonly parent: string;
  readonly field: string;
  readonly args: readonly Given[];
  /** The possible type to which the value is narrowed. `null`: the field returns an object type, a leaf, or is not narrowed. */
  readonly narrow: string | null;
  /** Whether the value is an interface or a union. */
  readonly isAbstract: boolean;
}

/** The fields from a root type to a composite type. */
export interface Route {
  readonly operation: OperationTypeNode;
  readonly hops: readonly Hop[];
}

import type { OperationTypeNode } from 'graphql';
import type { Given } from '../../values/given.ts';

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

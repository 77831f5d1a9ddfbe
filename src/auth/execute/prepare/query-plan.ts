import type {
  FieldNode,
  GraphQLField,
  GraphQLLeafType,
  GraphQLObjectType,
  GraphQLNullableType,
  OperationDefinitionNode,
} from 'graphql';
import type { DirectField } from './direct-field.ts';
import type { CoerceVariables } from './plan-variables.ts';
import type { Resolver } from '../../guard/guard.ts';
import type { Variables } from '../../plan/conditions.ts';

/** A query that is prepared for execution. It does not depend on the caller or on the variables. */
export interface QueryPlan {
  readonly kind: 'query';
  readonly operation: OperationDefinitionNode;
  /** Coerces the variables. `null`: the query has no variables. */
  readonly coerceVariables: CoerceVariables | null;
  /** The variables that `@skip` and `@include` read. */
  readonly conditions: readonly string[];
  /** Returns the fields of the root for the values of `conditions`. */
  rootFor(values: ConditionValues): SelectionPlan;
}

/** The values of the variables in `@skip` and `@include`. */
export type ConditionValues = Readonly<Record<string, boolean>>;

/** The fields that are selected on one object type, in the order of the response. */
export interface SelectionPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** The executor's `HotSelection`. The plans cannot have this type, because it contains them. */
  readonly hot: object;
}

/** A selected field, on one object type. */
export interface FieldPlan {
  /** The number of the field in its query. `-1`: the query has too many fields, and this field is not stored. */
  readonly index: number;
  readonly key: string;
  readonly name: string;
  readonly prefixes: Prefixes;
  /** The JSON text of the value, if it is always the same. */
  readonly constant: string | null;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  /** The resolver of the definition when the query was prepared. If it has changed, `direct` is not used. */
  readonly resolve: Resolver | undefined;
  /** How the field runs without its guard. `null`: only `definition.resolve` is used. */
  readonly direct: DirectField | null;
  readonly args: ArgumentsPlan;
  readonly returns: ReturnPlan;
  /**
   * How the value of a property is written. The field is then a built-in scalar, and the default resolver reads it.
   * `null`: the field is not of this kind.
   */
  readonly property: BuiltInScalar | null;
  /** Whether the author's resolver receives `info`. */
  readonly passesInfo: boolean;
  /** Returns the fields that are selected on an object type that the field returns. */
  selectionOn(type: GraphQLObjectType): SelectionPlan;
}

/** The JSON text in front of the value of a field: a brace or a comma, the key and a colon. */
export interface Prefixes {
  readonly plain: string;
  /** With the quote in front of the value. */
  readonly quoted: string;
  /** With the quote behind the value of the field before. */
  readonly quote: string;
  /** With both quotes. */
  readonly quoteAndQuoted: string;
}

/** How the arguments of a field are made. */
export interface ArgumentsPlan {
  /** Whether the arguments are the same for each call, and can be coerced. */
  readonly isConstant: boolean;
  /** Whether the field has no arguments in the schema. */
  readonly isEmpty: boolean;
  /** Makes a new object for each call. @throws the error of graphql-js if an argument cannot be coerced */
  readonly make: (variables: Variables) => Record<string, unknown>;
}

/** The type of a field or of an item, taken apart. */
export interface ReturnPlan {
  readonly kind: 'list' | 'leaf' | 'abstract' | 'object';
  /** The type without its `!`. */
  readonly type: GraphQLNullableType;
  readonly isNonNull: boolean;
  /** The type of the items of a list. */
  readonly item: ReturnPlan | null;
  /** How values of a scalar of graphql-js are written without a call of `serialize`. `null`: `serialize` is called. */
  readonly scalar: BuiltInScalar | null;
}

/** A scalar of graphql-js with its own `serialize`. */
export interface BuiltInScalar {
  readonly type: GraphQLLeafType;
  readonly serialize: GraphQLLeafType['serialize'];
  /** Which values `serialize` returns unchanged. */
  readonly form: ScalarForm;
}

/** A kind of values of built-in scalars: strings, integers of 32 bits, finite numbers, or `true` and `false`. */
export type ScalarForm = 'text' | 'integer' | 'number' | 'boolean';

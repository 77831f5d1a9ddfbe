import type { GraphQLCompositeType, GraphQLField, GraphQLObjectType } from 'graphql';
import type { InputRules } from '../inputs/input-rules.ts';
import type { RuleIds } from '../rules/rule.ts';

/** The type of the value to which a selection set applies. The document may allow several object types. */
export interface ParentType {
  /** The narrowest type that the document names. */
  readonly named: GraphQLCompositeType;
  /** The possible object types of the value. */
  readonly possible: readonly GraphQLObjectType[];
  /**
   * Whether the object type is known only after type resolution. The rules of that type are then decided after type
   * resolution.
   */
  readonly resolved: boolean;
}

/** The arguments of a field that can supply an input with a rule. */
export interface RuledArguments {
  readonly rules: InputRules;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The rules of a field for one or more possible types of its parent. */
export interface Possibility {
  readonly rules: RuleIds;
  /** The rules of the field's arguments. `null`: the arguments cannot supply an input with a rule. */
  readonly inputs: RuledArguments | null;
  /**
   * The rules of each possible type of the field's value. Empty if the field does not return an interface or a union.
   */
  readonly returns: readonly RuleIds[];
}

/** A field on a parent type, with all that does not depend on the document. */
export interface ParentField {
  /** `Type.field`, with the type that the document names. */
  readonly coordinate: string;
  /** The definition in the type that the document names. `undefined`: there is no definition. */
  readonly definition: GraphQLField<unknown, unknown> | undefined;
  /** The rules that hold for the field with every possible type of its parent. */
  readonly rules: RuleIds;
  /**
   * The rules of the field for each possible type of its parent. If the rules of all these types deny, the field is
   * always denied.
   */
  readonly possibilities: readonly Possibility[];
  /** `null`: the arguments cannot supply an input with a rule. */
  readonly inputs: RuledArguments | null;
}

import {
  type FieldNode,
  type GraphQLField,
  type OperationDefinitionNode,
  type OperationTypeNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Condition } from './conditions.ts';
import type { Fragments } from './fragments.ts';
import type { InputRules } from '../inputs/input-rules.ts';
import type { ParentType, Possibility } from './parent-type.ts';
import type { RuleIds } from '../rules/rule.ts';

/** A field that an operation selects. */
export interface PlannedField {
  readonly responseKey: string;
  readonly name: string;
  /** `Type.field`, of the type that the document names. */
  readonly coordinate: string;
  readonly parent: ParentType;
  /** The rules that hold for the field with every type of its parent and every value. */
  readonly rules: RuleIds;
  /** Its rules for each type that its parent can have. Fields of the same name and parent share the array. */
  readonly possibilities: readonly Possibility[];
  /** Its arguments. `null`: the arguments cannot supply an input with a rule. */
  readonly inputs: PlannedInputs | null;
  readonly conditions: readonly Condition[];
  readonly node: FieldNode;
  /** The selections under it. `null`: the field is a leaf. */
  readonly selections: Selections | null;
}

/** The arguments of a planned field that can supply an input with a rule. */
export interface PlannedInputs {
  readonly rules: InputRules;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

/** A fragment that an operation applies. */
export interface PlannedFragment {
  readonly conditions: readonly Condition[];
  readonly selections: Selections;
}

/**
 * A selection set applied to a parent type. Its content is planned when it is first read, once for each parent type. So
 * if a fragment is spread many times on one parent type, its content is planned once.
 */
export interface Selections {
  readonly fields: readonly PlannedField[];
  readonly fragments: readonly PlannedFragment[];
}

/** The rules of the elements that an operation selects. A plan does not depend on the variables or on the caller. */
export interface Plan {
  readonly operation: OperationTypeNode;
  readonly root: Selections;
}

/**
 * Plans an operation of a valid document, or returns the plan that it made before. `null`: the schema has no root type
 * for the operation.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED if literals are too deep, or if fragments apply to types in too many ways
 */
export type Planner = (operation: OperationDefinitionNode, fragments: Fragments) => Plan | null;

/**
 * Makes a new plan. A plan grows each time a part of it is first read. It then calls `grown` with an estimate of the
 * added bytes.
 */
export type PlanMaker = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  grown: (bytes: number) => void,
) => Plan | null;

/** Whether a field is `__typename`. */
export function isTypename(field: PlannedField): boolean {
  return field.name === TypeNameMetaFieldDef.name;
}

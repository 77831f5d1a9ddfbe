import { type FieldNode, type OperationDefinitionNode, type OperationTypeNode, TypeNameMetaFieldDef } from 'graphql';
import type { Condition } from './conditions.ts';
import type { Fragments } from './fragments.ts';
import type { ParentType, Possibility, RuledArguments } from './parent-type.ts';
import type { PlanSize } from './plan-cache.ts';
import type { RuleIds } from '../rules/rule.ts';

/** A field that an operation selects. */
export interface PlannedField {
  readonly responseKey: string;
  readonly name: string;
  /** `Type.field`, with the type that the document names. */
  readonly coordinate: string;
  readonly parent: ParentType;
  /** The rules that hold for every possible type of the field's parent and for every value. */
  readonly rules: RuleIds;
  /**
   * The rules for each possible type of the field's parent. Fields with the same name and parent type share the array.
   */
  readonly possibilities: readonly Possibility[];
  /** The arguments of the field. `null`: the arguments cannot supply an input with a rule. */
  readonly inputs: PlannedInputs | null;
  readonly conditions: readonly Condition[];
  readonly node: FieldNode;
  /** The selections under the field. `null`: the field is a leaf. */
  readonly selections: Selections | null;
}

/** The arguments of a planned field that can supply an input with a rule. */
export interface PlannedInputs extends RuledArguments {
  readonly node: FieldNode;
}

/** A fragment that an operation applies. */
export interface PlannedFragment {
  readonly conditions: readonly Condition[];
  readonly selections: Selections;
}

/**
 * A selection set applied to a parent type. Its content is planned when it is first read. If a fragment is spread many
 * times on one parent type, its content is planned only one time.
 */
export interface Selections {
  readonly fields: readonly PlannedField[];
  readonly fragments: readonly PlannedFragment[];
}

/** The rules of the elements that an operation selects. A plan does not depend on the variables or on the caller. */
export interface Plan {
  readonly operation: OperationTypeNode;
  /** The operation in the document. */
  readonly node: OperationDefinitionNode;
  readonly root: Selections;
}

/**
 * Plans an operation of a valid document, or returns its stored plan. `null`: the schema has no root type for the
 * operation.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED if literals are too deep, or if the plan has too many pairs of a selection
 * set and a parent type
 */
export type Planner = (operation: OperationDefinitionNode, fragments: Fragments) => Plan | null;

/** Makes a new plan. A part of the plan is made when it is first read, and then added to `size`. */
export type PlanMaker = (operation: OperationDefinitionNode, fragments: Fragments, size: PlanSize) => Plan | null;

/** Whether a field is `__typename`. */
export function isTypename(field: PlannedField): boolean {
  return field.name === TypeNameMetaFieldDef.name;
}

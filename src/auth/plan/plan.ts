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
import type { Parent, Possibility } from './parent-type.ts';
import type { RuleIds } from '../rules/rule.ts';

/** A field that an operation selects. */
export interface PlannedField {
  readonly responseKey: string;
  readonly name: string;
  /** `Type.field`, of the type that the document names. */
  readonly coordinate: string;
  readonly parent: Parent;
  /** The rules that meet at it, whatever the values are. */
  readonly rules: RuleIds;
  /** What it takes of each type that its parent can be of: shared by all fields of the same name and parent. */
  readonly possibilities: readonly Possibility[];
  /** The rules of what its arguments supply; `null` where nothing that they could supply carries any. */
  readonly inputs: PlannedInputs | null;
  readonly conditions: readonly Condition[];
  readonly node: FieldNode;
  /** What is selected under it; `null` for a leaf. */
  readonly selections: Selections | null;
}

/** The arguments of a field that an operation selects, as far as rules are concerned. */
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
 * A selection set applied to a parent. It is looked into when first asked for and then kept, once for each parent: so a plan
 * is linear in its document, however often a fragment is spread.
 */
export interface Selections {
  readonly fields: readonly PlannedField[];
  readonly fragments: readonly PlannedFragment[];
}

/** All that the rules have to say about an operation, before its variables and its caller are known. */
export interface Plan {
  readonly operation: OperationTypeNode;
  readonly root: Selections;
}

/**
 * Plans an operation; `null` where the schema has no such operations. The document is expected to be valid.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where its literals are too deep, or its fragments apply in too many ways
 */
export type Planner = (operation: OperationDefinitionNode, fragments: Fragments) => Plan | null;

/** Makes a plan. It grows as it is looked into: then `grown` is called with an estimate of the bytes. */
export type PlanMaker = (
  operation: OperationDefinitionNode,
  fragments: Fragments,
  grown: (bytes: number) => void,
) => Plan | null;

/** Whether a field asks for nothing but the name of its parent's type. */
export function isTypename(field: PlannedField): boolean {
  return field.name === TypeNameMetaFieldDef.name;
}

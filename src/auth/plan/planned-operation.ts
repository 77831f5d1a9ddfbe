import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { checkVariableDepth } from '../inputs/limits.ts';
import type { Variables } from './conditions.ts';
import { type Fragments, fragmentsOf } from './fragments.ts';
import { type OperationVariables, operationVariables } from './operation-variables.ts';
import type { Plan, Planner } from './plan.ts';

/** An operation with its plan and its variables. */
export interface PlannedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  readonly plan: Plan;
  readonly variables: OperationVariables;
}

/** An operation of a parsed document. */
interface RequestedOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Variables | null | undefined;
}

/**
 * Plans an operation of a valid document. `null`: the document does not have the operation, or the schema has no root
 * type for it.
 *
 * @param inputDepth - how deep objects may be nested in a variable
 * @throws {ClaimgateError} LIMIT_EXCEEDED if the variables are too deep or hold too many values; the errors of `planner`
 */
export function planOperation(
  { document, operationName, variables }: RequestedOperation,
  schema: GraphQLSchema,
  inputDepth: number,
  planner: Planner,
): PlannedOperation | null {
  const operation = getOperationAST(document, operationName);
  // The depth is checked before coercion, because coercion recurses and can exhaust the stack.
  if (variables) checkVariableDepth(variables, inputDepth);
  if (!operation) return null;
  const fragments = fragmentsOf(document);
  const plan = planner(operation, fragments);
  return plan && { operation, fragments, plan, variables: coercible(schema, operation, variables ?? {}) };
}

/** Makes the variables of an operation. They are coerced only if a rule on an input needs them. */
function coercible(schema: GraphQLSchema, operation: OperationDefinitionNode, sent: Variables): OperationVariables {
  const definitions = operation.variableDefinitions ?? [];
  return operationVariables(sent, () => getVariableValues(schema, definitions, sent, { maxErrors: 1 }).coerced ?? null);
}

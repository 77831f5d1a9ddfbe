import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { anonymous } from '../../principal.ts';
import type { Enforcement } from '../guard/enforcement.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { createDecideField } from './decided-field.ts';
import type { OperationExplanation } from './explanation.ts';
import { createNeeds } from './needs.ts';
import { staticVariables, type SuppliedInputs } from './static-variables.ts';
import { walk, type WalkedField } from './walk.ts';

/**
 * Finds the smallest sets of scopes for an operation whose variables are not known.
 *
 * @param document - a valid document with one operation
 * @param supplied - `possible`: with all values of the variables. `certain`: with the values that leave out every part
 * that can be left out
 * @param onField - called with each field that has a value for some caller. Default: no-op
 * @throws {ClaimgateError} if the operation is too large to be judged
 */
export function operationNeeds(
  schema: GraphQLSchema,
  enforcement: Enforcement,
  document: DocumentNode,
  supplied: SuppliedInputs,
  onField: (field: WalkedField) => void = () => {},
): Pick<OperationExplanation, 'leastScopes' | 'leastScopesCapped'> {
  const judged = supplied === 'certain' ? withoutConditions(document) : document;
  const operation = judged.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const plan = operation && enforcement.explaining.plan(operation, fragmentsOf(judged));
  const needs = createNeeds(enforcement, () => null, anonymous);
  if (operation && plan) {
    const variables = staticVariables(schema, operation, supplied);
    for (const field of walk(plan, variables, createDecideField(schema, enforcement, variables, anonymous))) {
      needs.add(field);
      onField(field);
    }
  }
  return needs.found(true);
}

/** Leaves out the selections that `@skip` or `@include` with a variable can leave out. */
function withoutConditions(document: DocumentNode): DocumentNode {
  const isConditional = (node: { readonly directives?: readonly DirectiveNode[] | undefined }): boolean =>
    node.directives?.some(
      ({ name, arguments: args }) =>
        (name.value === 'skip' || name.value === 'include') && args?.some(({ value }) => value.kind === Kind.VARIABLE),
    ) ?? false;
  const drop = (node: Parameters<typeof isConditional>[0]): null | undefined =>
    isConditional(node) ? null : undefined;
  const definitions = document.definitions.map((node) =>
    visit(node as OperationDefinitionNode | FragmentDefinitionNode, {
      Field: drop,
      FragmentSpread: drop,
      InlineFragment: drop,
    }),
  );
  return { kind: Kind.DOCUMENT, definitions };
}

import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Principal } from '../../principal.ts';
import type { Enforcement } from '../guard/enforcement.ts';
import { fragmentsOf } from '../plan/fragments.ts';
import { createDecideField } from './decided-field.ts';
import { staticVariables, type SuppliedInputs } from './static-variables.ts';
import { walk, type WalkedField } from './walk.ts';

/**
 * Plans an operation whose variables are not known. The result decides its fields for a principal.
 *
 * @param document - a valid document with one operation
 * @param supplied - `possible`: with all values of the variables. `certain`: with the values that leave out every part
 * that can be left out
 * @returns a function that throws {ClaimgateError} while the fields are read, if the operation is too large to be judged
 */
export function staticFields(
  schema: GraphQLSchema,
  enforcement: Enforcement,
  document: DocumentNode,
  supplied: SuppliedInputs,
): (principal: Principal) => Iterable<WalkedField> {
  const judged = supplied === 'certain' ? withoutConditions(document) : document;
  const operation = judged.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const plan = operation && enforcement.explaining.plan(operation, fragmentsOf(judged));
  if (!operation || !plan) return () => [];
  const variables = staticVariables(schema, operation, supplied, enforcement.inputDepth);
  return (principal) => walk(plan, variables, createDecideField(schema, enforcement, variables, principal));
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

import type { DocumentNode, GraphQLSchema } from 'graphql';
import { anonymous } from '../../principal.ts';
import type { Enforcement } from '../guard/enforcement.ts';
import type { OperationExplanation } from './explanation.ts';
import { createNeeds } from './needs.ts';
import { staticFields } from './static-fields.ts';
import type { SuppliedInputs } from './static-variables.ts';
import type { WalkedField } from './walk.ts';

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
  const needs = createNeeds(enforcement, () => null, anonymous);
  for (const field of staticFields(schema, enforcement, document, supplied)(anonymous)) {
    if (field.fault) throw field.fault; // Without the rules of its inputs, the field would seem to need too little.
    needs.add(field);
    onField(field);
  }
  return needs.found(true);
}

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import type { OperationRequest } from '../../../auth/guarded-schema.ts';
import { ClaimgateError } from '../../../errors.ts';
import { anonymous, type Principal } from '../../../principal.ts';
import { introspectionRoots } from '../../limits/figures.ts';

/**
 * Which callers may read the schema by `__schema` and `__type`. `open`: every caller. `authenticated`: callers with an
 * access token. `off`: no caller.
 */
export type Introspection = 'open' | 'authenticated' | 'off';

/** Returns the validation rules for a mode. If introspection is off, a document that introspects is not valid. */
export function introspectionRules(mode: Introspection): readonly ValidationRule[] {
  return mode === 'off' ? [NoSchemaIntrospectionCustomRule] : [];
}

/**
 * Whether a caller is not allowed to read the schema. Errors for this caller have only names that are in the document.
 */
export function hidesSchema(mode: Introspection, principal: Principal): boolean {
  return mode === 'off' || (mode === 'authenticated' && principal.kind === 'anonymous');
}

/**
 * Whether an operation passes the mode. It passes if the caller may introspect, or if it does not select a field of
 * introspection. A field that `@skip` removes counts too. This function does not check that the document is valid, or
 * that it has the operation.
 */
export function mayIntrospect(
  document: DocumentNode,
  operationName: string | null | undefined,
  principal: Principal,
  mode: Introspection,
): boolean {
  return !hidesSchema(mode, principal) || !introspects(document, operationName);
}

/**
 * Refuses introspection by an anonymous caller if introspection needs a token. If introspection is off, validation has
 * refused the document already.
 *
 * @throws ClaimgateError `UNAUTHENTICATED`
 */
export function checkIntrospection(
  { document, operationName, principal }: OperationRequest,
  mode: Introspection,
): void {
  if (mode === 'off' || mayIntrospect(document, operationName, principal, mode)) return;
  throw new ClaimgateError(
    'UNAUTHENTICATED',
    'Introspection (__schema, __type) needs an access token. Send one in the Authorization header.',
  );
}

/**
 * Whether `checkIntrospection` lets an operation through for every caller. If introspection is off, validation has
 * refused the document already.
 */
export function everyoneMayIntrospect(
  { document, operationName }: Pick<OperationRequest, 'document' | 'operationName'>,
  mode: Introspection,
): boolean {
  return mode === 'off' || mayIntrospect(document, operationName, anonymous, mode);
}

/** Whether an operation selects a field of introspection, under any alias and in any fragment. */
function introspects(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation) return false;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  // All selection sets are searched, because a nested field can return the query type again. An example is `query` in
  // Relay's payloads.
  const pending = new Set<SelectionSetNode>([operation.selectionSet]);
  for (const { selections } of pending) {
    for (const node of selections) {
      if (node.kind === Kind.FIELD && introspectionRoots.has(node.name.value)) return true;
      const inside =
        node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value)?.selectionSet : node.selectionSet;
      if (inside) pending.add(inside);
    }
  }
  return false;
}

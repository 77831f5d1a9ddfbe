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
import type { Principal } from '../../../principal.ts';
import { introspectionRoots } from '../../limits/figures.ts';

/** Who may ask for the schema by `__schema` and `__type`: every caller, callers with an access token, or none. */
export type Introspection = 'open' | 'authenticated' | 'off';

/** Returns the validation rules for a mode. Where introspection is off, a document that introspects is not valid. */
export function introspectionRules(mode: Introspection): readonly ValidationRule[] {
  return mode === 'off' ? [NoSchemaIntrospectionCustomRule] : [];
}

/** Whether a caller may not read the schema. Errors for such a caller name only what the document holds. */
export function hidesSchema(mode: Introspection, principal: Principal): boolean {
  return mode === 'off' || (mode === 'authenticated' && principal.kind === 'anonymous');
}

/**
 * Whether the caller may introspect, or the operation does not. A skipped field counts. It does not check that the document is
 * valid, or that it has the operation.
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
 * Checks that an anonymous caller does not introspect where that needs a token. Where introspection is off, validation has
 * refused it already.
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

/** Whether an operation selects a field of introspection: under any alias, in any fragment. */
function introspects(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation) return false;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  // Not at the root only: a nested field can return the query type again, as `query` in Relay's payloads does.
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

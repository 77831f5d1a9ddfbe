import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getOperationAST,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';
import { ClaimgateError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import { introspectionRoots } from '../../limits/figures.ts';

/** Who may ask for the schema by `__schema` and `__type`: everybody, whoever has an access token, nobody. */
export type Introspection = 'open' | 'authenticated' | 'off';

/** What documents are validated by for a mode: where introspection is off, it is a fault of the document. */
export function introspectionRules(mode: Introspection): readonly ValidationRule[] {
  return mode === 'off' ? [NoSchemaIntrospectionCustomRule] : [];
}

/** Whether a caller may not read the schema, so that errors name nothing of it that the document does not hold. */
export function hidesSchema(mode: Introspection, principal: Principal): boolean {
  return mode === 'off' || (mode === 'authenticated' && principal.kind === 'anonymous');
}

/**
 * Whether the caller may run the operation as far as introspection is concerned. A field that is skipped counts; an operation
 * that is not in the document is somebody else's matter, and so is a document that is not valid.
 */
export function mayIntrospect(
  document: DocumentNode,
  operationName: string | null | undefined,
  principal: Principal,
  mode: Introspection,
): boolean {
  return !hidesSchema(mode, principal) || !introspects(document, operationName);
}

/** Why an anonymous caller may not introspect, or `null`. Where nobody may, validation has said so. */
export function introspectionRefusal(
  document: DocumentNode,
  operationName: string | null | undefined,
  principal: Principal,
  mode: Introspection,
): ClaimgateError | null {
  if (mode === 'off' || mayIntrospect(document, operationName, principal, mode)) return null;
  return new ClaimgateError(
    'UNAUTHENTICATED',
    'Introspection (__schema, __type) needs an access token. Send one in the Authorization header.',
  );
}

/** Whether an operation holds a field of introspection, under whatever alias and in whatever fragment. */
function introspects(document: DocumentNode, operationName: string | null | undefined): boolean {
  const operation = getOperationAST(document, operationName);
  if (!operation) return false;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  // Not of the root alone: a field below may give the query type again, as `query` of Relay's payloads does.
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

import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type ValidationRule,
} from 'graphql';
import type { ClaimgateError } from '../../errors.ts';
import { limitExceeded } from './exceeded.ts';
import type { Limits, MeasuredLimit } from './limits.ts';
import { measure, type Measured } from './measure.ts';

/**
 * Refuses a document that asks for too much, and keeps the other rules from looking into it: several of them recurse, or
 * compare fields in pairs. A cost that depends on variables is left to `costRefusal`.
 */
export function limitsRule(limits: Limits): ValidationRule {
  return (context): ASTVisitor => ({
    Document(document) {
      const schema = context.getSchema();
      const measured = measure(document, { schema, listItems: limits.listItems });
      measuredBefore.set(document, { measured, schema });
      const refusal = refusalOf(measured, limits, measured.variableCost ? 'cost' : null);
      if (!refusal) return undefined;
      context.reportError(new GraphQLError(refusal.message, { originalError: refusal }));
      // What an enter function returns is visited in place of the node, by every rule.
      return { kind: Kind.DOCUMENT, definitions: [] } satisfies DocumentNode;
    },
  });
}

/**
 * Refuses an operation whose cost, with these variables, is too high. Any other cost is the rule's, which must have seen the document:
 * it knows the schema.
 */
export function costRefusal(
  { document, operationName, variables }: MeasuredOperation,
  limits: Limits,
): ClaimgateError | null {
  const before = measuredBefore.get(document);
  if (before && !before.measured.variableCost) return null;
  const definitions = document.definitions.filter(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || !operationName || node.name?.value === operationName,
  );
  const schema = before?.schema;
  const measured = measure(
    { kind: Kind.DOCUMENT, definitions },
    { ...(schema && { schema }), variables: variables ?? {}, listItems: limits.listItems },
  );
  return refusalOf(measured, limits, null);
}

interface MeasuredOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Transports validate a document once and keep it. */
const measuredBefore = new WeakMap<DocumentNode, { readonly measured: Measured; readonly schema: GraphQLSchema }>();

function refusalOf({ found }: Measured, limits: Limits, unknown: 'cost' | null): ClaimgateError | null {
  for (const name of order) {
    if (name === unknown || found[name] <= limits[name]) continue;
    // A fragment that is spread twice in one that is spread twice… soon exceeds every number.
    const figure = Math.min(found[name], Number.MAX_SAFE_INTEGER);
    return limitExceeded(name, limits[name], figure);
  }
  return null;
}

const order = [
  'lines',
  'directives',
  'nesting',
  'depth',
  'rootFields',
  'aliases',
  'cost',
  'introspectionDepth',
  'introspectionFields',
  'introspectionCost',
] as const satisfies readonly MeasuredLimit[];

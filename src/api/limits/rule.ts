import { type ASTVisitor, type DocumentNode, GraphQLError, Kind, type ValidationRule } from 'graphql';
import type { ClaimgateError } from '../../errors.ts';
import { limitExceeded } from './exceeded.ts';
import type { Limits } from './limits.ts';
import { measure, type Measured } from './measure.ts';

/**
 * Refuses a document that asks for too much, and keeps the other rules from looking into it: several of them recurse, or
 * compare fields in pairs. A cost that depends on variables is left to `costRefusal`.
 */
export function limitsRule(limits: Limits): ValidationRule {
  return (context): ASTVisitor => ({
    Document(document) {
      const measured = measure(document);
      measuredBefore.set(document, measured);
      const refusal = refusalOf(measured, limits, measured.variableCost ? 'cost' : null);
      if (!refusal) return undefined;
      context.reportError(new GraphQLError(refusal.message, { originalError: refusal }));
      // What an enter function returns is visited in place of the node, by every rule.
      return { kind: Kind.DOCUMENT, definitions: [] } satisfies DocumentNode;
    },
  });
}

/** Refuses a document whose cost, with these variables, is too high. Any other cost is the rule's. */
export function costRefusal(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  limits: Limits,
): ClaimgateError | null {
  // Transports validate a document once and keep it.
  const before = measuredBefore.get(document) ?? measure(document);
  measuredBefore.set(document, before);
  return before.variableCost ? refusalOf(measure(document, variables ?? {}), limits, null) : null;
}

const measuredBefore = new WeakMap<DocumentNode, Measured>();

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
  'directives',
  'nesting',
  'depth',
  'rootFields',
  'aliases',
  'cost',
  'introspectionDepth',
  'introspectionFields',
] as const satisfies readonly (keyof Measured['found'])[];

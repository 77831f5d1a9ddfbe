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
import { type Limits, measuredLimits } from './limits.ts';
import { measure, type Measured } from './measure.ts';

/**
 * Creates the validation rule that refuses a document beyond the limits. It hides a refused document from the other
 * rules, because some of them recurse or compare fields in pairs. `checkCost` checks a cost that depends on variables.
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
      // Every rule then visits the returned node instead of the original node.
      return { kind: Kind.DOCUMENT, definitions: [] } satisfies DocumentNode;
    },
  });
}

/**
 * Checks the cost of an operation whose `first` or `last` are variables. The rule of `limitsRule` must have validated
 * the document before. That rule checks every cost that does not depend on variables, and stores the schema of the
 * document.
 *
 * @throws ClaimgateError `LIMIT_EXCEEDED`
 */
export function checkCost({ document, operationName, variables }: MeasuredOperation, limits: Limits): void {
  if (hasFixedCost({ document })) return;
  const definitions = document.definitions.filter(
    (node) => node.kind !== Kind.OPERATION_DEFINITION || !operationName || node.name?.value === operationName,
  );
  const schema = measuredBefore.get(document)?.schema;
  const measured = measure(
    { kind: Kind.DOCUMENT, definitions },
    { ...(schema && { schema }), variables: variables ?? {}, listItems: limits.listItems },
  );
  const refusal = refusalOf(measured, limits, null);
  if (refusal) throw refusal;
}

/**
 * Whether the rule of `limitsRule` has let a document through whose cost does not depend on variables. `checkCost` then
 * has nothing left to check.
 */
export function hasFixedCost({ document }: Pick<MeasuredOperation, 'document'>): boolean {
  return measuredBefore.get(document)?.measured.variableCost === false;
}

interface MeasuredOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The figures that the rule measured, by document. Apollo Server validates a document once and stores the document. */
const measuredBefore = new WeakMap<DocumentNode, { readonly measured: Measured; readonly schema: GraphQLSchema }>();

function refusalOf({ found }: Measured, limits: Limits, unknown: 'cost' | null): ClaimgateError | null {
  for (const name of measuredLimits) {
    if (name === unknown || found[name] <= limits[name]) continue;
    // If each fragment spreads the next fragment twice, the figure doubles with each fragment. It may exceed the
    // largest safe integer.
    const figure = Math.min(found[name], Number.MAX_SAFE_INTEGER);
    return limitExceeded(name, limits[name], figure);
  }
  return null;
}

import { type DocumentNode, getOperationAST, OperationTypeNode } from 'graphql';
import type { OperationCheck } from '../../../auth/operation-check.ts';
import type { OperationSteps } from '../steps.ts';

/**
 * Why a request is not answered by `KnownOperations`.
 *
 * - `unknown`: the document is not known.
 * - `operation`: the document does not have the operation.
 * - `subscription`: the operation is a subscription.
 * - `variables`: the variables cannot be coerced.
 * - `executor`: the executor does not run the query.
 */
export type DeclineReason = 'unknown' | 'operation' | 'subscription' | 'variables' | 'executor';

/** The decision that Apollo Server must handle a request. No resolver has run, and nothing has been reported. */
export interface Declined {
  readonly kind: 'other';
  readonly reason: DeclineReason;
}

/** The decisions, by reason. */
export const declined: Readonly<Record<DeclineReason, Declined>> = {
  unknown: { kind: 'other', reason: 'unknown' },
  operation: { kind: 'other', reason: 'operation' },
  subscription: { kind: 'other', reason: 'subscription' },
  variables: { kind: 'other', reason: 'variables' },
  executor: { kind: 'other', reason: 'executor' },
};

/** A query or mutation of a known document. */
export interface KnownOperation {
  readonly kind: 'known';
  readonly type: 'query' | 'mutation';
  readonly document: DocumentNode;
  /** As the client sent it. Undefined: the only operation of the document. */
  readonly operationName: string | undefined;
  /** The checks that depend on the variables or on the caller. The other checks let the operation through always. */
  readonly checks: readonly OperationCheck[];
}

/** Finds an operation of a known document, and the checks that it still needs for each request. */
export function knownOperation(
  document: DocumentNode,
  operationName: string | undefined,
  { checks }: Pick<OperationSteps, 'checks'>,
): KnownOperation | Declined {
  const operation = getOperationAST(document, operationName);
  if (!operation) return declined.operation;
  const type = operation.operation;
  if (type === OperationTypeNode.SUBSCRIPTION) return declined.subscription;
  const open = checks.filter(({ passesAlways }) => !passesAlways?.({ document, operationName }));
  return { kind: 'known', type, document, operationName, checks: open };
}

import type { DocumentNode, ParseOptions, ValidationRule } from 'graphql';
import type { ClaimgateError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import { formatError, formatErrorBriefly } from './errors/format-error.ts';
import { type Introspection, introspectionRefusal, introspectionRules } from './rules/introspection.ts';
import type { Limits } from '../limits/limits.ts';
import { costRefusal, limitsRule } from '../limits/rule.ts';
import { SensitiveLiteralsRule } from './rules/sensitive-literals.ts';
import { NoTokenMutationsRule, TokenMutationsRule } from './rules/token-mutations.ts';

export { formatError };
export { isTokenMutation } from './rules/token-mutations.ts';
export {
  createRunner,
  type OperationParameters,
  type PreparedOperation,
  type Runner,
} from './stream/run.ts';
export { faultOf } from './stream/events.ts';
export { createSessions, type Session, type Sessions } from './stream/session.ts';

/** What the operator allows of an operation. */
export interface OperationPolicy {
  readonly limits: Limits;
  readonly introspection: Introspection;
}

/** An operation that is about to run, of a document that is valid by `validationRules`. */
export interface CheckedOperation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  /** As they were sent. */
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly principal: Principal;
}

/** What every transport parses by. */
export function parseOptions({ limits }: Pick<OperationPolicy, 'limits'>): ParseOptions {
  return { maxTokens: limits.tokens };
}

/**
 * What every transport validates a document by, beside the rules of GraphQL itself. They look at nothing but document and
 * schema, so that a document may be validated once and kept.
 */
export function validationRules({ limits, introspection }: OperationPolicy): readonly ValidationRule[] {
  return [limitsRule(limits), SensitiveLiteralsRule, TokenMutationsRule, ...introspectionRules(introspection)];
}

/** The same for connections that outlive a request, where guesses would cost none. */
export function streamValidationRules({ limits, introspection }: OperationPolicy): readonly ValidationRule[] {
  return [limitsRule(limits), SensitiveLiteralsRule, NoTokenMutationsRule, ...introspectionRules(introspection)];
}

/**
 * What every transport asks of each operation, after validation and before it is decided: what depends on variables and
 * caller. It is linear in the document.
 *
 * @returns why it may not run, or `null`
 */
export function checkOperation(operation: CheckedOperation, policy: OperationPolicy): ClaimgateError | null {
  const { document, operationName, principal } = operation;
  return (
    costRefusal(operation, policy.limits) ??
    introspectionRefusal(document, operationName, principal, policy.introspection)
  );
}

/** The last word on what a caller reads of an error: where introspection is not open, errors name nothing of the schema either. */
export function formatErrorFor({ introspection }: Pick<OperationPolicy, 'introspection'>): typeof formatError {
  return introspection === 'open' ? formatError : formatErrorBriefly;
}

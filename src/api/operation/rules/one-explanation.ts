import { type ASTVisitor, GraphQLError, OperationTypeNode, type ValidationContext } from 'graphql';
import { ClaimgateError } from '../../../errors.ts';
import { explainFieldOf } from '../../explain/field.ts';
import { createResponseNames } from './response-names.ts';

/**
 * Allows one `explainOperation` in an operation. An explanation parses, validates and plans a document of its own.
 * Without this rule, one request could cause this work many times.
 *
 * It counts the response names in the selections of the root type. A field below the root can return the root type
 * again. The resolver refuses a second explanation in this case.
 */
export function OneExplanationRule(context: ValidationContext): ASTVisitor {
  const name = explainFieldOf(context.getSchema());
  if (name === undefined) return {};
  const responseNames = createResponseNames(context, (field) => field.name.value === name);
  return {
    OperationDefinition(operation) {
      if (operation.operation === OperationTypeNode.QUERY && responseNames(operation.selectionSet).size > 1) {
        const refusal = secondExplanation(name);
        context.reportError(new GraphQLError(refusal.message, { nodes: operation, originalError: refusal }));
      }
      return false;
    },
    FragmentDefinition: () => false,
  };
}

/** Makes the error of a second explanation in one operation. */
export function secondExplanation(field: string): ClaimgateError {
  const message = `An operation may select ${field} one time, and this one selects it more often. Send a request for each.`;
  return new ClaimgateError('LIMIT_EXCEEDED', message, { evidence: { limit: field, allowed: 1 } });
}

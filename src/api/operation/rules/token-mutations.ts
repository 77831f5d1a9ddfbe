import {
  type ASTVisitor,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ParseOptions,
  parse,
  type ValidationContext,
} from 'graphql';
import type { ErrorCode } from '../../../errors.ts';
import { createResponseNames } from './response-names.ts';

/**
 * Allows one token mutation in an operation. A token mutation is a mutation that can return an `OAuthError`, or an
 * object with an `OAuthError`. The limits on attempts count requests. Therefore each guess of a code or a secret must
 * need its own request.
 */
export function TokenMutationsRule(context: ValidationContext): ASTVisitor {
  return atMost(1, 'An operation may hold one token mutation, and this one holds more.', context);
}

/** Refuses every token mutation. Token mutations must be sent by POST, each in its own request. */
export function NoTokenMutationsRule(context: ValidationContext): ASTVisitor {
  return atMost(0, 'Token mutations are sent by POST, each in a request of its own, and not here.', context);
}

/**
 * Whether an operation has exactly one selection, and this is a token mutation. It does not check that the document is
 * valid.
 */
export function isTokenMutation(
  schema: GraphQLSchema,
  { query, operationName }: { readonly query: string; readonly operationName?: string | null | undefined },
  options: ParseOptions,
): boolean {
  const oauthError = schema.getType('OAuthError');
  if (!oauthError) return false;
  let operation: OperationDefinitionNode | null | undefined;
  try {
    operation = getOperationAST(parse(query, options), operationName);
  } catch {
    return false;
  }
  if (operation?.operation !== OperationTypeNode.MUTATION) return false;
  const [selection, another] = operation.selectionSet.selections;
  if (selection?.kind !== Kind.FIELD || another) return false;
  const field = schema.getMutationType()?.getFields()[selection.name.value];
  return field !== undefined && answersWith(field, oauthError);
}

/** Creates the rule that allows at most `maxMutations` response names of token mutations in an operation. */
function atMost(maxMutations: 0 | 1, message: string, context: ValidationContext): ASTVisitor {
  const schema = context.getSchema();
  const oauthError = schema.getType('OAuthError');
  const mutations = schema.getMutationType()?.getFields() ?? {};
  if (!oauthError) return {};

  const responseNames = createResponseNames(context, ({ name }) => {
    const field = mutations[name.value];
    return field !== undefined && answersWith(field, oauthError);
  });

  return {
    OperationDefinition(operation) {
      if (
        operation.operation === OperationTypeNode.MUTATION &&
        responseNames(operation.selectionSet).size > maxMutations
      ) {
        const code: ErrorCode = 'TOKEN_MUTATION_LIMIT';
        context.reportError(new GraphQLError(message, { nodes: operation, extensions: { code } }));
      }
      return false;
    },
    FragmentDefinition: () => false,
  };
}

function answersWith(field: GraphQLField<unknown, unknown>, wanted: GraphQLNamedType): boolean {
  const type = getNamedType(field.type);
  if (type === wanted) return true;
  if (isUnionType(type)) return type.getTypes().some((member) => member === wanted);
  return isObjectType(type) && Object.values(type.getFields()).some((member) => getNamedType(member.type) === wanted);
}

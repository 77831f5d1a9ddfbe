import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isObjectType,
  isUnionType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { ErrorCode } from '../errors.ts';

/**
 * One token mutation to an operation: whoever guesses a code or a secret pays for each guess with a request, which is what
 * the limits count. A token mutation is a mutation that can answer with an `OAuthError`.
 */
export function TokenMutationsRule(context: ValidationContext): ASTVisitor {
  const schema = context.getSchema();
  const oauthError = schema.getType('OAuthError');
  const mutations = schema.getMutationType()?.getFields() ?? {};
  if (!oauthError) return {};

  return {
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.MUTATION) return false;
      const responseNames = new Set<string>();
      for (const { name, alias } of rootFields(operation.selectionSet, context)) {
        const field = mutations[name.value];
        if (field && answersWith(field, oauthError)) responseNames.add((alias ?? name).value);
      }
      if (responseNames.size > 1) {
        const code: ErrorCode = 'TOKEN_MUTATION_LIMIT';
        const message = `An operation may hold one token mutation, and this one holds ${responseNames.size}.`;
        context.reportError(new GraphQLError(message, { nodes: operation, extensions: { code } }));
      }
      return false;
    },
    FragmentDefinition: () => false,
  };
}

/** The fields of the root type, through fragments; each fragment once, since a second spread of it is the same fields. */
function* rootFields(root: SelectionSetNode, context: ValidationContext): Generator<FieldNode> {
  const rest = [root];
  const seen = new Set<FragmentDefinitionNode>();
  for (let next = rest.pop(); next; next = rest.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.FIELD) {
        yield selection;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        rest.push(selection.selectionSet);
      } else {
        const fragment = context.getFragment(selection.name.value);
        if (!fragment || seen.has(fragment)) continue;
        seen.add(fragment);
        rest.push(fragment.selectionSet);
      }
    }
  }
}

function answersWith(field: GraphQLField<unknown, unknown>, wanted: GraphQLNamedType): boolean {
  const type = getNamedType(field.type);
  if (type === wanted) return true;
  if (isUnionType(type)) return type.getTypes().some((member) => member === wanted);
  return isObjectType(type) && Object.values(type.getFields()).some((member) => getNamedType(member.type) === wanted);
}

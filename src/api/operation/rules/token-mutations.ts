import {
  type ASTVisitor,
  type FieldNode,
  type FragmentSpreadNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  type InlineFragmentNode,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { ErrorCode } from '../../../errors.ts';

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

/**
 * Creates a function that returns the response names of wanted fields in a selection set of the root type. Fields in
 * fragments count too. The function stops after two names. It visits each set once for the whole document, from the
 * inside out. Therefore the work is linear in the document and does not grow with the number of spreads.
 */
function createResponseNames(
  context: ValidationContext,
  isWanted: (field: FieldNode) => boolean,
): (root: SelectionSetNode) => ReadonlySet<string> {
  const known = new Map<SelectionSetNode, ReadonlySet<string>>();
  const entered = new Set<SelectionSetNode>();

  const inside = (selection: FragmentSpreadNode | InlineFragmentNode): SelectionSetNode | undefined =>
    selection.kind === Kind.INLINE_FRAGMENT
      ? selection.selectionSet
      : context.getFragment(selection.name.value)?.selectionSet;

  function collect({ selections }: SelectionSetNode): ReadonlySet<string> {
    const names = new Set<string>();
    for (const selection of selections) {
      if (names.size > 1) break;
      if (selection.kind !== Kind.FIELD) {
        const set = inside(selection);
        // A set without an entry in `known` spreads itself. Another rule refuses this document.
        for (const name of (set && known.get(set)) ?? []) names.add(name);
      } else if (isWanted(selection)) {
        names.add((selection.alias ?? selection.name).value);
      }
    }
    return names;
  }

  return (root) => {
    const open = [root];
    for (let set = open.at(-1); set; set = open.at(-1)) {
      if (known.has(set) || entered.has(set)) {
        open.pop();
        if (!known.has(set)) known.set(set, collect(set));
        continue;
      }
      entered.add(set);
      for (const selection of set.selections) {
        const below = selection.kind === Kind.FIELD ? undefined : inside(selection);
        if (below && !entered.has(below)) open.push(below);
      }
    }
    return known.get(root) ?? new Set();
  };
}

function answersWith(field: GraphQLField<unknown, unknown>, wanted: GraphQLNamedType): boolean {
  const type = getNamedType(field.type);
  if (type === wanted) return true;
  if (isUnionType(type)) return type.getTypes().some((member) => member === wanted);
  return isObjectType(type) && Object.values(type.getFields()).some((member) => getNamedType(member.type) === wanted);
}

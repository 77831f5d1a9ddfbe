import {
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ParseOptions,
  parse,
} from 'graphql';
import { isTokenMutation } from '../rules/token-mutations.ts';

/** The options of `ownDocuments`. */
export interface OwnDocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly parseOptions: ParseOptions;
  /** The exact texts of the server's own pages. */
  readonly texts: readonly string[];
  /** The name of the field `schemaRules`. Undefined: the schema does not have it. */
  readonly rulesField: string | undefined;
  /** Whether the server has token mutations. Otherwise, equal names are of a team's module. */
  readonly hasTokenMutations: boolean;
}

/** The mutations by which every caller gets, renews and ends tokens. */
const tokenMutations: ReadonlySet<string> = new Set([
  'beginAuthorization',
  'exchangeAuthorizationCode',
  'refreshAccessToken',
  'revokeToken',
]);

/**
 * Makes the function that finds out whether a document belongs to the server: the text of one of its pages, or a
 * document whose operations are only introspection or one token mutation each. Introspection is the fields `__schema`,
 * `__type`, `__typename` and `schemaRules` of the query type. The setting `introspection` still applies to it.
 *
 * A document that cannot be parsed does not belong to the server.
 */
export function ownDocuments({
  schema,
  parseOptions,
  texts,
  rulesField,
  hasTokenMutations,
}: OwnDocumentsOptions): (text: string) => boolean {
  const known = new Set(texts);
  const introspection = new Set([
    '__schema',
    '__type',
    '__typename',
    ...(rulesField === undefined ? [] : [rulesField]),
  ]);
  const mutations = hasTokenMutations ? tokenMutations : new Set<string>();
  const names = [...introspection, ...mutations];

  function isOwnOperation(text: string, operation: OperationDefinitionNode): boolean {
    const { selections } = operation.selectionSet;
    if (operation.operation === OperationTypeNode.QUERY) {
      return selections.every((node) => node.kind === Kind.FIELD && introspection.has(node.name.value));
    }
    const [selection, another] = selections;
    if (selection?.kind !== Kind.FIELD || another || !mutations.has(selection.name.value)) return false;
    return isTokenMutation(schema, { query: text, operationName: operation.name?.value }, parseOptions);
  }

  return (text) => {
    if (known.has(text)) return true;
    // Most other documents are not parsed.
    if (!names.some((name) => text.includes(name))) return false;
    try {
      const document = parse(text, parseOptions);
      const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
      return operations.length > 0 && operations.every((operation) => isOwnOperation(text, operation));
    } catch {
      return false;
    }
  };
}

import {
  type DocumentNode,
  type GraphQLError,
  GraphQLSchema,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownTypeNamesRule,
  LoneSchemaDefinitionRule,
  PossibleTypeExtensionsRule,
  ProvidedRequiredArgumentsRule,
  TypeInfo,
  UniqueArgumentDefinitionNamesRule,
  UniqueArgumentNamesRule,
  UniqueDirectiveNamesRule,
  UniqueDirectivesPerLocationRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueInputFieldNamesRule,
  UniqueOperationTypesRule,
  UniqueTypeNamesRule,
  ValidationContext,
  visit,
  visitInParallel,
} from 'graphql';

/**
 * The rules of `validateSDL` in graphql-js, in the same order. graphql-js does not export two of these rules.
 * `KnownArgumentNamesRule` and `ProvidedRequiredArgumentsRule` contain them. The other parts of these two rules check
 * only fields of operations.
 */
const rules = [
  LoneSchemaDefinitionRule,
  UniqueOperationTypesRule,
  UniqueTypeNamesRule,
  UniqueEnumValueNamesRule,
  UniqueFieldDefinitionNamesRule,
  UniqueArgumentDefinitionNamesRule,
  UniqueDirectiveNamesRule,
  KnownTypeNamesRule,
  KnownDirectivesRule,
  UniqueDirectivesPerLocationRule,
  PossibleTypeExtensionsRule,
  KnownArgumentNamesRule,
  UniqueArgumentNamesRule,
  UniqueInputFieldNamesRule,
  ProvidedRequiredArgumentsRule,
] as const;

/** The context for the validation of a schema that extends no other schema. */
class SdlContext extends ValidationContext {
  constructor(document: DocumentNode, report: (error: GraphQLError) => void) {
    const empty = new GraphQLSchema({});
    super(empty, document, new TypeInfo(empty), report);
  }

  /** Returns null, because there is no schema to extend. The type of the base class does not allow null. */
  override getSchema(): GraphQLSchema {
    return null as unknown as GraphQLSchema;
  }
}

/**
 * Validates the SDL of a whole schema, as `validateSDL` in graphql-js does. The main module of graphql-js does not
 * export `validateSDL`. With a deep import, a bundler would include graphql twice, as CommonJS and as ES modules.
 */
export function validateSdl(document: DocumentNode): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const context = new SdlContext(document, (error) => errors.push(error));
  // The cast is needed because graphql-js exports no type for the context of SDL rules.
  visit(document, visitInParallel(rules.map((rule) => rule(context as never))));
  return errors;
}

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
 * The rules of `validateSDL` of graphql-js, in its order. Two of its rules are not exported. `KnownArgumentNamesRule`
 * and `ProvidedRequiredArgumentsRule` contain them, and their other parts look at fields of operations only.
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

/** The context of the validation of a whole schema, which extends no other schema. */
class SdlContext extends ValidationContext {
  constructor(document: DocumentNode, report: (error: GraphQLError) => void) {
    const empty = new GraphQLSchema({});
    super(empty, document, new TypeInfo(empty), report);
  }

  /** Returns null: the rules of SDL then expect no other schema. The base class has no type for it. */
  override getSchema(): GraphQLSchema {
    return null as unknown as GraphQLSchema;
  }
}

/**
 * Validates the SDL of a whole schema, as `validateSDL` of graphql-js does. graphql-js does not export that function
 * from its main module. A deep import would make a bundler include graphql twice: as CommonJS and as ES modules.
 */
export function validateSdl(document: DocumentNode): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const context = new SdlContext(document, (error) => errors.push(error));
  // graphql-js exports no type for the context of SDL rules, so the type checker cannot compare the two.
  visit(document, visitInParallel(rules.map((rule) => rule(context as never))));
  return errors;
}

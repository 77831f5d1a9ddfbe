import { type GraphQLField, type GraphQLSchema, getNamedType } from 'graphql';

/** The root fields of the API that this folder asks. */
export interface ApiNames {
  readonly explainOperation: string;
  readonly schemaRules: string;
}

/** The names of a server whose identity API has no prefix. */
export const defaultApiNames: ApiNames = { explainOperation: 'explainOperation', schemaRules: 'schemaRules' };

/**
 * Finds the root fields in the schema. With a prefix in the configuration (`identityApi: { prefix }`), their names and
 * the names of their types begin with the prefix.
 */
export function apiNamesOf(schema: GraphQLSchema | null | undefined): ApiNames {
  const fields = schema?.getQueryType()?.getFields() ?? {};
  const find = (name: string, type: string): string => {
    if (Object.hasOwn(fields, name)) return name;
    const suffix = name.charAt(0).toUpperCase() + name.slice(1);
    const isRenamed = (field: GraphQLField<unknown, unknown>): boolean =>
      field.name.endsWith(suffix) && getNamedType(field.type).name.endsWith(type);
    return Object.values(fields).find(isRenamed)?.name ?? name;
  };
  return {
    explainOperation: find('explainOperation', 'OperationExplanation'),
    schemaRules: find('schemaRules', 'SchemaRulePage'),
  };
}

import { type GraphQLObjectType, type GraphQLSchema, isObjectType, OperationTypeNode } from 'graphql';

/**
 * Returns the root operation types of a schema. A root type that is not an object type is left out, because GraphQL
 * reports it.
 */
export function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const roots = Object.values(OperationTypeNode).map((operation) => schema.getRootType(operation));
  return [...new Set(roots)].filter((type) => isObjectType(type));
}

import { type GraphQLObjectType, type GraphQLSchema, isObjectType, OperationTypeNode } from 'graphql';

/** The root operation types, under any name. A root that is not an object type is a fault of its own. */
export function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const roots = Object.values(OperationTypeNode).map((operation) => schema.getRootType(operation));
  return [...new Set(roots)].filter((type) => isObjectType(type));
}

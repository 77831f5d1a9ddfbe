import type { GraphQLSchema } from 'graphql';

const fields = new WeakMap<GraphQLSchema, string>();

/** Stores the name of `Query.explainOperation` in a schema. */
export function storeExplainField(schema: GraphQLSchema, name: string): void {
  fields.set(schema, name);
}

/** Returns the name of `Query.explainOperation` in a schema. `undefined`: the schema does not have it. */
export function explainFieldOf(schema: GraphQLSchema): string | undefined {
  return fields.get(schema);
}

import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { hasNames } from './directive-names.ts';
import { rootTypes } from './rules/root-types.ts';

const guarded = new WeakSet<GraphQLFieldResolver<unknown, unknown>>();

/** Marks the resolver of a root field as guarded. */
export function markGuarded(resolver: GraphQLFieldResolver<unknown, unknown>): void {
  guarded.add(resolver);
}

/**
 * Whether a schema is guarded, or was made from a guarded schema by a tool that copies the extensions of the schema or
 * the resolvers of its root fields.
 */
export function isGuarded(schema: GraphQLSchema): boolean {
  const fields = rootTypes(schema).flatMap((type) => Object.values(type.getFields()));
  return hasNames(schema) || fields.some(({ resolve }) => resolve && guarded.has(resolve));
}

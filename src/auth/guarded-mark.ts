import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { StartError } from '../errors.ts';
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

const known = new WeakSet<GraphQLSchema>();

/**
 * Checks that the schema that a server executes is guarded. A copy of a guarded schema counts as guarded if the tool
 * that made it copied the extensions of the schema or the resolver of at least one root field. Does not find resolvers
 * that the tool replaced or added.
 *
 * @param name - the name of the function that the server uses
 * @param schema - the schema that the server executes
 * @throws StartError if the schema is not guarded. No operation may run in it
 */
export function checkServedSchema(name: string, schema: GraphQLSchema): void {
  if (known.has(schema)) return;
  if (!isGuarded(schema)) {
    throw new StartError([
      `${name}: the server executes a schema that is not guarded; give the server the member schema of what createGuardedSchema or createGuardedApi returned: guarded.schema`,
    ]);
  }
  known.add(schema);
}

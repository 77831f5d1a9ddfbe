import { addResolversToSchema } from '@graphql-tools/schema';
import type { IResolvers } from '@graphql-tools/utils';
import { GraphQLScalarType, type GraphQLSchema, isScalarType, isSpecifiedScalarType } from 'graphql';
import { isObject } from './members.ts';
import { keepMarks } from './without-info.ts';

/**
 * Sets resolvers in a schema in place, with graphql-tools. A copy of a large schema would take much longer.
 *
 * graphql-tools reads default values again while it sets resolvers, and would write the default of a scalar of the team
 * with the team's own function, which may refuse it. Therefore these scalars get their functions last. `readDefaults`
 * then reads the default values from the SDL.
 *
 * @param schema - nothing else may hold it or its types
 * @param resolvers - the result of `joinResolvers`. It has no faults
 * @throws the error of graphql-js for a scalar that cannot be made from its resolver
 */
export function addResolvers(schema: GraphQLSchema, resolvers: IResolvers): void {
  const entries = Object.entries(resolvers);
  const others = entries.filter(([name]) => !ownScalar(schema, name));
  addResolversToSchema({ schema, resolvers: Object.fromEntries(others), updateResolversInPlace: true });
  for (const [name, members] of entries) {
    const scalar = ownScalar(schema, name);
    if (scalar && isObject(members)) addScalar(scalar, members as Readonly<Record<string, unknown>>);
  }
  keepMarks(schema, resolvers);
}

/** Returns the scalar of the team with this name. */
function ownScalar(schema: GraphQLSchema, name: string): GraphQLScalarType | undefined {
  const type = schema.getType(name);
  return isScalarType(type) && !isSpecifiedScalarType(type) ? type : undefined;
}

function addScalar(type: GraphQLScalarType, { extensions, ...members }: Readonly<Record<string, unknown>>): void {
  const { parseLiteral, ...config } = type.toConfig();
  const made = new GraphQLScalarType({
    ...config,
    // Without its own function, a scalar reads literals with its function for variables.
    ...(members['parseValue'] === undefined && { parseLiteral }),
    ...members,
    extensions: { ...config.extensions, ...(isObject(extensions) && extensions) },
  });
  Object.assign(type, made);
}

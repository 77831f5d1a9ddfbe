import type { IResolvers } from '@graphql-tools/utils';
import {
  GraphQLEnumType,
  type GraphQLNamedType,
  GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { isObject } from './members.ts';

/** The members of a resolver map for one type. `joinResolvers` has checked them. */
type Members = Readonly<Record<string, unknown>>;

/**
 * Sets resolvers in a schema in place. The result is that of `addResolversToSchema` of graphql-tools, which copies every
 * type several times. It does not change the default values of arguments and input fields, which `readDefaults` does.
 *
 * @param schema - nothing else may hold it or its types
 * @param resolvers - the result of `joinResolvers`. It has no faults
 * @throws the error of graphql-js for a scalar that cannot be made from its resolver
 */
export function addResolvers(schema: GraphQLSchema, resolvers: IResolvers): void {
  for (const [name, members] of Object.entries(resolvers)) {
    const type = schema.getType(name);
    if (type && isObject(members)) addMembers(type, members as Members);
  }
}

function addMembers(type: GraphQLNamedType, members: Members): void {
  // A type of GraphQL itself is in all schemas. The resolver changes it in all of them, as graphql-tools does.
  if (isSpecifiedScalarType(type)) Object.assign(type, members);
  else if (isScalarType(type)) addScalar(type, members);
  else if (isEnumType(type)) addValues(type, members);
  else if (isUnionType(type) || isInterfaceType(type)) Object.assign(type, { resolveType: members['__resolveType'] });
  else if (isObjectType(type)) {
    Object.assign(type, { isTypeOf: members['__isTypeOf'] });
    for (const [name, field] of Object.entries(type.getFields())) {
      const resolver = members[name];
      Object.assign(field, typeof resolver === 'function' ? { resolve: resolver } : resolver);
    }
  }
}

function addScalar(type: GraphQLScalarType, { extensions, ...members }: Members): void {
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

/** Sets the internal values of an enum. */
function addValues(type: GraphQLEnumType, members: Members): void {
  const { values, ...config } = type.toConfig();
  for (const [name, value] of Object.entries(values)) {
    if (name in members) values[name] = { ...value, value: members[name] };
  }
  Object.assign(type, new GraphQLEnumType({ ...config, values }));
}

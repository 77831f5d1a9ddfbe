import { makeExecutableSchema } from '@graphql-tools/schema';
import { getDirective, MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import { resolvers } from './users.ts';

const typeDefs = `
  directive @auth(requires: Role = ADMIN) on OBJECT | FIELD_DEFINITION

  enum Role { ADMIN REVIEWER USER UNKNOWN }

  type User @auth(requires: USER) {
    name: String
    banned: Boolean @auth(requires: ADMIN)
    canPost: Boolean @auth(requires: REVIEWER)
  }

  type Query {
    users: [User]
    version: String
  }
`;

const roles = ['UNKNOWN', 'USER', 'REVIEWER', 'ADMIN'];

/** Puts a check around the resolver of each field that has the directive, or whose type has it. */
export function authTransformer(schema: GraphQLSchema): GraphQLSchema {
  const ofTypes = new Map<string, string>();
  return mapSchema(schema, {
    [MapperKind.TYPE]: (type) => {
      const directive = getDirective(schema, type, 'auth')?.[0];
      if (directive) ofTypes.set(type.name, directive['requires']);
      return undefined;
    },
    [MapperKind.OBJECT_FIELD]: (field, _name, typeName) => {
      const requires = getDirective(schema, field, 'auth')?.[0]?.['requires'] ?? ofTypes.get(typeName);
      if (requires === undefined) return field;
      const { resolve = defaultFieldResolver } = field;
      return {
        ...field,
        resolve: (source, args, context, info) => {
          const isAllowed = roles.indexOf(context.user?.role ?? 'UNKNOWN') >= roles.indexOf(requires);
          if (!isAllowed) throw new Error('not authorized');
          return resolve(source, args, context, info);
        },
      };
    },
  });
}

export const schema = authTransformer(makeExecutableSchema({ typeDefs, resolvers }));

import { makeExecutableSchema } from '@graphql-tools/schema';
import { authDirectives, createGuardedSchema } from '../../../src/index.ts';
import { resolvers } from './users.ts';

const typeDefs = `
  type User @auth(claims: [{ claim: "role", oneOf: ["USER", "REVIEWER", "ADMIN"] }]) {
    name: String
    banned: Boolean @auth(claims: [{ claim: "role", oneOf: ["ADMIN"] }])
    canPost: Boolean @auth(claims: [{ claim: "role", oneOf: ["REVIEWER", "ADMIN"] }])
  }

  type Query {
    users: [User] @public
    version: String @public
  }
`;

export const { schema } = createGuardedSchema({
  schema: makeExecutableSchema({ typeDefs: [authDirectives, typeDefs], resolvers }),
});

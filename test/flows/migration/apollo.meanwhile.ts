import { makeExecutableSchema } from '@graphql-tools/schema';
import { authDirectivesNamed, createGuardedSchema } from '../../../src/index.ts';
import { authTransformer } from './apollo.before.ts';
import { resolvers } from './users.ts';

const directives = { auth: 'claims' };

const typeDefs = `
  directive @auth(requires: Role = ADMIN) on OBJECT | FIELD_DEFINITION

  enum Role { ADMIN REVIEWER USER UNKNOWN }

  type User @auth(requires: USER) @claims(claims: [{ claim: "role", oneOf: ["USER", "REVIEWER", "ADMIN"] }]) {
    name: String
    banned: Boolean @auth(requires: ADMIN)
    canPost: Boolean @auth(requires: REVIEWER)
  }

  type Query {
    users: [User] @public
    version: String @public
  }
`;

const executable = makeExecutableSchema({ typeDefs: [authDirectivesNamed(directives), typeDefs], resolvers });

// Both directives are enforced: a field is read if both allow it.
export const { schema } = createGuardedSchema({ schema: authTransformer(executable), directives });

import { makeExecutableSchema } from '@graphql-tools/schema';
import { authDirectives, createGuardedSchema, type PrincipalContext } from '../../../src/index.ts';

const notes = [
  { id: '1', ownerId: 'ada', text: 'a note of Ada' },
  { id: '2', ownerId: 'grace', text: 'a note of Grace' },
];

const executable = makeExecutableSchema({
  typeDefs: [
    authDirectives,
    `
      type Query {
        notes: [Note] @public
        me: String @auth
        report: String @auth(claims: [{ claim: "role", oneOf: ["ADMIN"] }])
      }
      type Note { id: ID!  ownerId: ID  text: String @auth(owner: "ownerId") }
    `,
  ],
  resolvers: {
    Query: {
      notes: () => notes,
      me: (_source: unknown, _args: unknown, { principal }: PrincipalContext) =>
        principal.kind === 'anonymous' ? null : principal.subject,
      report: () => 'all is well',
    },
  },
});

export const { schema } = createGuardedSchema({ schema: executable });

import { makeExecutableSchema } from '@graphql-tools/schema';
import { authDirectives, createGuardedSchema } from '../../../src/index.ts';
import { resolvers } from './fruits.ts';

const typeDefs = `
  type Query {
    frontPage: [Fruit!] @public
    fruits: [Fruit!] @auth(claims: [{ claim: "role", oneOf: ["admin", "editor"] }])
    customers: [Customer!] @auth(claims: [{ claim: "role", oneOf: ["admin"] }])
  }
  type Mutation {
    addFruitToBasket: Boolean @auth
  }
  type Fruit { name: String!  count: Int }
  type Customer { id: ID!  basket: [Fruit!] @auth(policy: "open") }
`;

export const { schema } = createGuardedSchema({
  schema: makeExecutableSchema({ typeDefs: [authDirectives, typeDefs], resolvers }),
  policies: {
    open: (requests) => requests.map(({ parent }) => (parent as { readonly isOpen: boolean }).isOpen),
  },
});

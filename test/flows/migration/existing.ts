import { makeExecutableSchema } from '@graphql-tools/schema';
import { authDirectives, createGuardedSchema } from '../../../src/index.ts';

const typeDefs = `
  type Query { orders: [Order!] @auth(scope: "orders:read")  version: String @public }
  type Order { id: ID!  total: Int @auth(scope: "totals:read") }
`;
const resolvers = { Query: { orders: () => [{ id: '1', total: 5 }], version: () => '1.0' } };
const executable = makeExecutableSchema({ typeDefs: [authDirectives, typeDefs], resolvers });
export const guarded = createGuardedSchema({ schema: executable });

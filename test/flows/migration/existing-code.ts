import { GraphQLID, GraphQLInt, GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createGuardedSchema } from '../../../src/index.ts';

const Order = new GraphQLObjectType({
  name: 'Order',
  fields: {
    id: { type: GraphQLID },
    total: { type: GraphQLInt, extensions: { auth: { scope: ['totals:read'] } } },
  },
});
const query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    orders: {
      type: new GraphQLList(Order),
      extensions: { auth: { scope: ['orders:read'] } },
      resolve: () => [{ id: '1', total: 5 }],
    },
    version: { type: GraphQLString, extensions: { public: true }, resolve: () => '1.0' },
  },
});
export const guarded = createGuardedSchema({ schema: new GraphQLSchema({ query }) });

import { createServer } from 'node:http';
import { createGuardedApi, graphqlHttpOptions } from 'claimgate';
import {
  GraphQLBoolean,
  GraphQLID,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

const orders = [
  { id: '1', item: 'Lamp', customer: 'Grace' },
  { id: '2', item: 'Desk', customer: 'Alan' },
];
const order = new GraphQLObjectType({
  name: 'Order',
  fields: {
    id: { type: new GraphQLNonNull(GraphQLID) },
    item: { type: new GraphQLNonNull(GraphQLString) },
    customer: {
      type: GraphQLString,
      extensions: { auth: { scope: ['customers:read'] } },
    },
  },
});
const query = new GraphQLObjectType({
  name: 'Query',
  fields: {
    hello: {
      type: new GraphQLNonNull(GraphQLString),
      resolve: () => 'hello',
      extensions: { public: true },
    },
    orders: {
      type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(order))),
      resolve: () => orders,
      extensions: { auth: { scope: ['orders:read'] } },
    },
  },
});
const mutation = new GraphQLObjectType({
  name: 'Mutation',
  fields: {
    cancelOrders: {
      type: new GraphQLNonNull(GraphQLBoolean),
      resolve: () => orders.splice(0).length > 0,
      extensions: { auth: { scope: ['orders:cancel'] } },
    },
  },
});
const schema = new GraphQLSchema({ query, mutation });

const issuers = [{ issuer: process.env.ISSUER ?? 'https://login.example.com', algorithms: ['ES256'] }];
const api = createGuardedApi({ url: 'https://api.example.com/graphql', issuers, schema });
const handler = createHandler(graphqlHttpOptions(api));
createServer((request, response) => {
  if (request.url?.startsWith('/graphql')) handler(request, response);
  else response.writeHead(404).end();
}).listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => console.log('Server ready'));

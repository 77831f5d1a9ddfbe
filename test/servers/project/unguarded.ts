// Gives each server the schema that was to be guarded, instead of the guarded one. It prints the message with which the
// server does not start, or its answer to a request, as one line of JSON.
import { ApolloServer } from '@apollo/server';
import {
  authDirectives,
  createGuardedApi,
  graphqlHttpOptions,
  mercuriusOptions,
  mercuriusPlugin,
  yogaPlugin,
} from 'claimgate';
import { planPlugin } from 'claimgate/apollo';
import Fastify from 'fastify';
import { buildSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/fetch';
import { createYoga } from 'graphql-yoga';
import mercurius from 'mercurius';

const schema = buildSchema(`${authDirectives} type Query { hello: String @public  closed: String @auth }`);
const issuers = [{ issuer: 'https://login.example.com', algorithms: ['ES256'] }];
const api = createGuardedApi({ url: 'https://api.example.com/graphql', issuers, schema });
const request = () =>
  new Request('https://api.example.com/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ hello }"}',
  });

const starts: Readonly<Record<string, () => unknown>> = {
  apollo: () => new ApolloServer({ schema, plugins: [planPlugin(api, api.challenge)] }).start(),
  yoga: () => createYoga({ schema, plugins: [yogaPlugin(api)] }),
  'yoga, with a schema of each request': async () => {
    const yoga = createYoga({ schema: async () => schema, plugins: [yogaPlugin(api)], logging: false });
    const answers = [await yoga.fetch(request()), await yoga.fetch(request())];
    return (await Promise.all(answers.map((answer) => answer.text()))).join(' ');
  },
  mercurius: async () => {
    const app = Fastify();
    app.register(mercuriusPlugin(api));
    app.register(mercurius, { ...mercuriusOptions(api), schema });
    await app.ready();
  },
  'mercurius, with a schema that is replaced': async () => {
    const app = Fastify();
    app.register(mercuriusPlugin(api));
    app.register(mercurius, mercuriusOptions(api));
    await app.ready();
    app.graphql.replaceSchema(schema);
    return (await app.inject({ method: 'POST', url: '/graphql', payload: { query: '{ hello }' } })).body;
  },
  'graphql-http': async () => {
    const answer = await createHandler({ ...graphqlHttpOptions(api), schema })(request());
    return `${answer.status} ${await answer.text()}`;
  },
};

const results: Record<string, unknown> = {};
for (const [name, start] of Object.entries(starts)) {
  results[name] = await Promise.resolve()
    .then(start)
    .catch((error: unknown) => (error instanceof Error ? error.message : error));
}
process.stdout.write(`\n${JSON.stringify(results)}\n`);

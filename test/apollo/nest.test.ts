import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { buildSchema } from 'graphql';
import { nestOptions } from '../../src/apollo/nest.ts';

// test/servers/ tests this function with NestJS itself.
const options = {
  url: 'https://api.example/graphql',
  issuers: [{ issuer: 'https://issuer.example', algorithms: ['ES256'] }],
};
const silent = { debug() {}, info() {}, warn() {}, error() {} };

describe('nestOptions', () => {
  it('stops the start if another transformSchema replaces its own', async () => {
    const { plugins } = nestOptions(options);
    const server = new ApolloServer({ schema: buildSchema('type Query { open: Int }'), plugins, logger: silent });
    await assert.rejects(
      server.start(),
      /^StartError: nestOptions: the schema is not guarded; expected the option transf/,
    );
  });

  it('stops the start if the server executes another schema than the one of transformSchema', async () => {
    const { plugins, transformSchema, typeDefs } = nestOptions(options);
    const schema = buildSchema(`${typeDefs} type Query { open: Int @public }`);
    transformSchema(schema);
    const server = new ApolloServer({ schema, plugins, logger: silent });
    await assert.rejects(server.start(), /^StartError: planPlugin: the server executes a schema that is not guarded/);
  });
});

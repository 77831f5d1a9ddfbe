import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { buildSchema } from 'graphql';
import { StartError } from '../../src/errors.ts';
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

  it('checks its options before anything else', () => {
    const schema = buildSchema('type Query { open: Int }');
    const faultsOf = (given: object): readonly string[] => {
      try {
        nestOptions({ ...options, ...given });
      } catch (error) {
        if (error instanceof StartError) return error.faults;
        throw error;
      }
      return [];
    };
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ onDenails: () => {} }), [
      'nestOptions: there is no such option onDenails; expected onDenial',
    ]);
    assert.deepEqual(faultsOf({ issuers: undefined }), [
      'nestOptions.issuers: expected an array of issuers; found nothing',
    ]);
    assert.deepEqual(faultsOf({ schema, modules: [] }), [
      'nestOptions.schema: expected no such option, because NestJS makes the schema and gives it to transformSchema',
      'nestOptions.modules: expected no such option, because NestJS makes the schema and gives it to transformSchema',
    ]);
    assert.deepEqual(faultsOf({ directives: { auth: '@claims' } }), [
      'directives.auth: expected a name of letters, digits and _, without the @ and not beginning with __',
    ]);
  });

  it('defines the directives for a schema in code, also with other names', () => {
    const named = (given: object) =>
      nestOptions({ ...options, ...given }).buildSchemaOptions.directives.map(({ name }) => name);
    assert.deepEqual(named({}), ['auth', 'public', 'sensitive']);
    assert.deepEqual(named({ directives: { auth: 'claims' } }), ['claims', 'public', 'sensitive']);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApolloServer, type BaseContext, type GraphQLRequestContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { makeExecutableSchema, mergeSchemas } from '@graphql-tools/schema';
import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { buildSchema, defaultFieldResolver, GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { planPlugin } from '../../src/apollo/plan.ts';
import { authDirectives } from '../../src/auth/directive.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { anonymous, type Principal } from '../../src/principal.ts';
import { guard, holder, shop } from '../support/modules.ts';

const options = { realm: 'shop', resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' };
const challenge = `Bearer realm="shop", resource_metadata="${options.resourceMetadata}"`;

const silent = { debug() {}, info() {}, warn() {}, error() {} };

interface Context extends BaseContext {
  readonly principal: Principal;
}

const callers: Readonly<Record<string, Principal>> = {
  anonymous,
  clerk: holder('orders:read'),
  accountant: holder('orders:read', 'totals', 'accounts'),
};

describe('an operation over HTTP', () => {
  const guarded = shop();
  const server = new ApolloServer<Context>({
    schema: guarded.schema,
    plugins: [planPlugin(guarded, options)],
    includeStacktraceInErrorResponses: false,
  });
  let url = '';
  before(async () => {
    const listen = { host: '127.0.0.1', port: 0 };
    const context = async ({ req }: { req: { headers: NodeJS.Dict<string | string[]> } }): Promise<Context> => ({
      principal: callers[String(req.headers['x-caller'])] ?? anonymous,
    });
    ({ url } = await startStandaloneServer(server, { listen, context }));
  });
  after(() => server.stop());

  async function ask(caller: string, query: string, variables = {}) {
    guarded.calls.length = 0;
    const headers = { 'content-type': 'application/json', 'x-caller': caller };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    const body = (await response.json()) as {
      data?: any;
      errors?: { message: string; path?: unknown; extensions: any }[];
    };
    return { status: response.status, authenticate: response.headers.get('www-authenticate'), ...body };
  }

  it('A-1 an anonymous caller gets public fields', async () => {
    assert.deepEqual(await ask('anonymous', '{ hello }'), {
      status: 200,
      authenticate: null,
      data: { hello: 'hello' },
    });
  });

  it('A-1 an anonymous caller of a guarded field gets 401 and a challenge without an error, and nothing runs', async () => {
    const answer = await ask('anonymous', '{ orders { id } }');
    assert.equal(answer.status, 401);
    assert.equal(answer.authenticate, challenge);
    assert.equal(answer.data, undefined);
    assert.deepEqual(
      answer.errors?.map((error) => error.extensions),
      [{ code: 'UNAUTHENTICATED', coordinate: 'Query.orders', requiredScopes: ['orders:read', 'admin'] }],
    );
    assert.deepEqual(guarded.calls, []);
  });

  it('a token without the scope gets 403 with the scope that is needed', async () => {
    const answer = await ask('clerk', '{ me { name } strict }');
    assert.equal(answer.status, 403);
    assert.ok(answer.authenticate?.startsWith(`${challenge}, error="insufficient_scope"`));
    assert.ok(answer.authenticate?.includes('scope="strict accounts"'));
    assert.deepEqual(answer.errors?.[0]?.extensions.denials, [
      { coordinate: 'Query.me', requiredScopes: ['accounts'] },
      { coordinate: 'Query.strict', requiredScopes: ['strict'] },
    ]);
    assert.deepEqual(guarded.calls, []);
  });

  it('B-14 a part of a query: 200, the data around it, one error for each selection', async () => {
    const answer = await ask('clerk', '{ orders { id total } }');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.data, {
      orders: [
        { id: 'o1', total: null },
        { id: 'o1', total: null },
      ],
    });
    assert.deepEqual(
      answer.errors?.map(({ path, extensions }) => ({ path, ...extensions })),
      [
        {
          path: ['orders', 0, 'total'],
          code: 'FORBIDDEN',
          coordinate: 'Order.total',
          requiredScopes: ['totals'],
          selection: ['orders', 'total'],
        },
      ],
    );
  });

  it('B-14 values of a denied type in a list: one error, at the first of them', async () => {
    const answer = await ask('clerk', '{ nodes { id } }');
    assert.deepEqual(answer.data, { nodes: [{ id: 'o1' }, null, { id: 'n1' }, null] });
    assert.deepEqual(
      answer.errors?.map(({ path }) => path),
      [['nodes', 1]],
    );
  });

  it('B-14 positions whose null moves up: one error', async () => {
    const answer = await ask('clerk', '{ order { lines { text } } }');
    assert.deepEqual(answer.data, { order: null });
    assert.equal(answer.errors?.length, 1);
  });

  it('B-13 a mutation with a denied field anywhere: 403, and nothing runs', async () => {
    const answer = await ask('clerk', 'mutation { touch { id total } }');
    assert.equal(answer.status, 403);
    assert.deepEqual(guarded.calls, []);
    assert.equal((await ask('accountant', 'mutation { touch { id total } }')).status, 200);
  });

  it('A-14 the same document is decided again for each caller', async () => {
    const query = 'query ($with: Boolean = true) { me @include(if: $with) { name } }';
    for (const [caller, status] of [
      ['accountant', 200],
      ['clerk', 403],
      ['anonymous', 401],
      ['accountant', 200],
    ] as const) {
      assert.equal((await ask(caller, query)).status, status, caller);
    }
    assert.equal((await ask('anonymous', query, { with: false })).status, 200);
  });

  it('an operation that is not in the document is left to the executor', async () => {
    const answer = await ask('anonymous', 'query A { me { id } } query B { me { id } }');
    assert.equal(answer.errors?.[0]?.extensions.code, 'OPERATION_RESOLUTION_FAILURE');
  });
});

it('errors of the team are never treated as repeated denials', async () => {
  const shared = new Error('the same object');
  const guarded = guard('type Query { list: [T] @public } type T { x: Int }', {
    Query: { list: () => [{}, {}] },
    T: {
      x: () => {
        throw shared;
      },
    },
  });
  const server = new ApolloServer<Context>({ schema: guarded.schema, plugins: [planPlugin(guarded, options)] });
  const contextValue = { principal: anonymous };
  const { body } = await server.executeOperation({ query: '{ list { x } }' }, { contextValue });
  assert.equal(body.kind === 'single' && body.singleResult.errors?.length, 2);
  await server.stop();
});

describe('a schema that is not guarded', () => {
  const typeDefs = 'type Query { book: Book @public } type Book { title: String  cost: Int @auth(scope: "costs") }';
  const given = makeExecutableSchema({
    typeDefs: [authDirectives, typeDefs],
    resolvers: { Query: { book: () => ({ title: 't', cost: 1 }) } },
  });
  // Apollo Server wraps the resolvers of its schema in place.
  const guardedCopy = () => createGuardedSchema({ schema: given });
  const guarded = guardedCopy();
  const says = /^StartError: planPlugin: the server executes a schema that is not guarded; .*guarded\.schema$/;
  const serverOf = (schema: GraphQLSchema) =>
    new ApolloServer<Context>({ schema, plugins: [planPlugin(guarded, options)], logger: silent });

  it('stops the start of Apollo Server with planPlugin', async () => {
    await assert.rejects(serverOf(given).start(), says);
    await assert.rejects(serverOf(buildSchema(printSchema(guardedCopy().schema))).start(), says);
  });

  it('gets no answer if it replaces the guarded schema after the start', async () => {
    const plugin = planPlugin<Context>(guarded, options);
    const request = { schema: given } as GraphQLRequestContext<Context>;
    await assert.rejects(async () => plugin.requestDidStart?.(request), says);
  });

  for (const [name, copy] of Object.entries({
    'the schema itself': (schema: GraphQLSchema) => schema,
    lexicographicSortSchema,
    'mapSchema with other resolvers': (schema: GraphQLSchema) =>
      mapSchema(schema, {
        [MapperKind.OBJECT_FIELD]: ({ resolve, ...config }) => ({
          ...config,
          resolve: (...args) => (resolve ?? defaultFieldResolver)(...args),
        }),
      }),
    'a copy without the extensions of the schema': (schema: GraphQLSchema) =>
      new GraphQLSchema({ ...schema.toConfig(), extensions: {} }),
    mergeSchemas: (schema: GraphQLSchema) => mergeSchemas({ schemas: [schema, buildSchema('type Query { x: Int }')] }),
  })) {
    it(`is not a copy of a guarded schema: ${name}`, async () => {
      const server = serverOf(copy(guardedCopy().schema));
      await server.start();
      const contextValue = { principal: anonymous };
      const { body } = await server.executeOperation({ query: '{ book { title cost } }' }, { contextValue });
      const { data, errors } = body.kind === 'single' ? body.singleResult : assert.fail();
      assert.deepEqual(JSON.parse(JSON.stringify(data)), { book: { title: 't', cost: null } });
      assert.equal(errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
      await server.stop();
    });
  }
});

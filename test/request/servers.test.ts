import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fastify } from 'fastify';
import {
  buildSchema,
  extendSchema,
  GraphQLError,
  type GraphQLSchema,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';
import { createHandler as createFastifyHandler } from 'graphql-http/lib/use/fastify';
import { createHandler as createFetchHandler } from 'graphql-http/lib/use/fetch';
import { createGuardedApi, type GuardedApiOptions } from '../../src/request/guarded-api.ts';
import { anonymous } from '../../src/principal.ts';
import { httpAnswer } from '../../src/request/http-answer.ts';
import { innerRequest } from '../../src/request/incoming-request.ts';
import { graphqlHttpOptions } from '../../src/request/servers/graphql-http.ts';
import { mercuriusOptions, mercuriusPlugin } from '../../src/request/servers/mercurius.ts';
import { yogaPlugin } from '../../src/request/servers/yoga.ts';

// test/servers/ tests these functions with the servers themselves.
const typeDefs = `
  type Query { open: String @public, closed: String @auth, node: Node @public }
  interface Node { id: ID }
  type A implements Node @auth { id: ID }`;
const options: GuardedApiOptions = {
  url: 'https://api.example/graphql',
  issuers: [{ issuer: 'https://issuer.example', algorithms: ['ES256'] }],
  modules: [{ name: 'a', typeDefs }],
};
const api = createGuardedApi(options);

describe('the functions for servers', () => {
  it('mercuriusPlugin needs Mercurius, which is registered after it', async () => {
    const alone = fastify();
    await alone.register(mercuriusPlugin(api));
    await assert.rejects(async () => alone.ready(), /found no Mercurius/);
    const late = fastify();
    late.decorate('graphql', {});
    await assert.rejects(async () => late.register(mercuriusPlugin(api)), /register the plugin before it/);
  });

  const unguarded = 'a transform that drops all resolvers';
  // Mercurius replaces resolvers in this way for its options `loaders` and `resolvers`.
  const replacements: Readonly<Record<string, readonly [(schema: GraphQLSchema) => GraphQLSchema, RegExp]>> = {
    'a resolver that is replaced in place': [
      (schema) => {
        const field = schema.getQueryType()?.getFields()['closed'];
        Object.assign(field ?? {}, { resolve: () => 'secret' });
        return schema;
      },
      /the served schema does not have the guard at Query\.closed: a resolver was replaced, wrapped or added/,
    ],
    'a resolveType that is replaced': [
      (schema) => {
        Object.assign(schema.getType('Node') ?? {}, { resolveType: () => 'A' });
        return schema;
      },
      /guard at resolveType of Node:/,
    ],
    'a root field that was added': [
      (schema) => extendSchema(schema, parse('extend type Query { added: String }')),
      /guard at Query\.added:/,
    ],
    [unguarded]: [(schema) => buildSchema(printSchema(schema)), /is not guarded/],
  };
  for (const [name, [replace, expected]] of Object.entries(replacements)) {
    it(`mercuriusPlugin stops the start if the guard was replaced: ${name}`, async () => {
      const own = createGuardedApi({ ...options });
      const app = fastify();
      await app.register(mercuriusPlugin(own));
      app.decorate('graphql', { schema: replace(own.schema), addHook: () => assert.fail('a hook was added') });
      await assert.rejects(async () => app.ready(), expected);
      // Without the plugin, each request is refused.
      const server = { graphql: Object.assign(() => {}, { schema: replace(own.schema) }) };
      const raw = { rawHeaders: [] };
      const fault = name === unguarded ? /does not have the guard/ : expected;
      await assert.rejects(mercuriusOptions(own).context({ raw, server }), fault);
    });
  }

  it('mercuriusPlugin accepts the schema itself, and a copy that kept all resolvers', async () => {
    for (const copy of [
      (schema: GraphQLSchema) => schema,
      (schema: GraphQLSchema) => lexicographicSortSchema(schema),
    ]) {
      const own = createGuardedApi({ ...options });
      const app = fastify();
      await app.register(mercuriusPlugin(own));
      app.decorate('graphql', { schema: copy(own.schema), addHook: () => {} });
      await app.ready();
      const server = { graphql: Object.assign(() => {}, { schema: copy(own.schema) }) };
      assert.deepEqual(await mercuriusOptions(own).context({ raw: { rawHeaders: [] }, server }), {
        principal: anonymous,
      });
    }
  });

  it('mercuriusOptions keeps the form of other errors, and shows no status or headers of a refusal', async () => {
    const { errorFormatter, context } = mercuriusOptions(api);
    const refused = await context({ raw: { rawHeaders: ['Authorization', 'Basic YTpi'] } }).catch(
      (error: unknown) => error,
    );
    const { response } = errorFormatter({ errors: [refused] });
    assert.match(JSON.stringify(response), /"code":"INVALID_REQUEST"/);
    assert.doesNotMatch(JSON.stringify(response), /http|www-authenticate/);
    const own = Object.assign(new Error('of the team'), { statusCode: 418 });
    const formatted = errorFormatter({ errors: [new GraphQLError('shown', { originalError: own })] });
    assert.deepEqual(formatted, { statusCode: 418, response: { data: null, errors: [{ message: 'shown' }] } });
  });

  it('mercuriusOptions and mercuriusPlugin show the parts of an error of Mercurius, and of no other error', async () => {
    const parts = [new Error('connect ECONNREFUSED 10.0.0.5:5432')];
    const { errorFormatter } = mercuriusOptions(api);
    const ofResolver = new GraphQLError('Unexpected', { originalError: new AggregateError(parts), path: ['open'] });
    assert.deepEqual(errorFormatter({ data: { open: null }, errors: [ofResolver] }).response, {
      data: { open: null },
      errors: [{ message: 'Unexpected', path: ['open'] }],
    });
    const app = fastify();
    await app.register(mercuriusPlugin(api));
    app.get('/other', () => {
      throw new AggregateError(parts, 'no server');
    });
    app.get('/invalid', () => {
      const error = Object.assign(new Error('invalid'), { code: 'MER_ERR_GQL_VALIDATION', statusCode: 400 });
      throw Object.assign(error, { errors: [new GraphQLError('Cannot query field')] });
    });
    app.decorate('graphql', { schema: api.schema, addHook: () => {} });
    const other = await app.inject('/other');
    assert.deepEqual([other.statusCode, other.body.includes('10.0.0.5')], [500, false]);
    const invalid = await app.inject('/invalid');
    assert.deepEqual(
      [invalid.statusCode, invalid.json()],
      [400, { data: null, errors: [{ message: 'Cannot query field' }] }],
    );
  });

  it('refuse a context that has no request, instead of making the caller anonymous', async () => {
    const extendContext = () => assert.fail('the context was extended');
    await assert.rejects(
      yogaPlugin(api).onContextBuilding({ context: {}, extendContext }),
      /createContext: expected a Request/,
    );
    await assert.rejects(graphqlHttpOptions(api).context({ raw: { headers: {} } }), TypeError);
  });

  it("yogaPlugin finds the request in Yoga's context, on Node, in Fastify and on a platform with Fetch only", async () => {
    const line = ['Authorization', 'Bearer a.b.c'];
    const request = new Request('https://api.example/graphql');
    const bad = new Request(request, { headers: { authorization: 'Bearer a.b.c' } });
    const contexts = [
      { request, req: { rawHeaders: line } },
      { request, req: { raw: { rawHeaders: line } } },
      { request: bad },
    ];
    for (const context of contexts) {
      const extendContext = () => assert.fail('the context was extended');
      await assert.rejects(
        yogaPlugin(api).onContextBuilding({ context, extendContext }),
        (error) => httpAnswer(error)?.status === 401,
      );
    }
    let extended: unknown;
    await yogaPlugin(api).onContextBuilding({
      context: { request },
      extendContext(context) {
        extended = context;
      },
    });
    assert.deepEqual(extended, { principal: anonymous });
  });

  it('check their argument before anything else', () => {
    const functions: Readonly<Record<string, (given: never) => unknown>> = {
      yogaPlugin,
      mercuriusPlugin,
      mercuriusOptions,
      graphqlHttpOptions,
    };
    for (const [name, make] of Object.entries(functions)) {
      for (const given of [undefined, null, api.schema, { schema: api.schema }]) {
        const says = new RegExp(`^StartError: ${name}: expected the result of createGuardedApi, with the function`);
        assert.throws(() => make(given as never), says);
      }
      make(api as never);
    }
  });

  it('refuse a schema that is not guarded, at the start if the server allows it', async () => {
    const schema = buildSchema('type Query { open: String }');
    const says = /the server executes a schema that is not guarded/;
    const app = fastify();
    await app.register(mercuriusPlugin(api));
    app.decorate('graphql', { schema, addHook: () => {} });
    await assert.rejects(async () => app.ready(), says);
    assert.throws(() => yogaPlugin(api).onSchemaChange({ schema }), says);
    yogaPlugin(api).onSchemaChange({ schema: api.schema });
    const args = { schema, document: parse('{ open }'), contextValue: {} };
    await assert.rejects(graphqlHttpOptions(api).execute(args), says);
  });

  it('graphqlHttpOptions works with the adapters for Fetch and for Fastify', async () => {
    const body = JSON.stringify({ query: '{ closed }' });
    const headers = { 'content-type': 'application/json' };
    const url = 'https://api.example/graphql';
    const answer = await createFetchHandler(graphqlHttpOptions(api))(
      new Request(url, { method: 'POST', headers, body }),
    );
    assert.equal(answer.status, 401);
    assert.match(await answer.text(), /UNAUTHENTICATED/);
    const app = fastify();
    app.post('/graphql', createFastifyHandler(graphqlHttpOptions(api)));
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const basic = { ...headers, authorization: 'Basic YTpi' };
    for (const [sent, status] of [
      [headers, 401],
      [basic, 400],
    ] as const) {
      const answer = await fetch(new URL('/graphql', address), { method: 'POST', headers: sent, body });
      assert.equal(answer.status, status);
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
    }
    await app.close();
  });

  it('find the request of Node in the objects of Express and Fastify', () => {
    const raw = { rawHeaders: [] };
    for (const value of [raw, { raw }, { req: raw }, { req: { raw } }]) assert.equal(innerRequest(value), raw);
  });
});

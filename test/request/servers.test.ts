import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fastify } from 'fastify';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { createHandler as createFastifyHandler } from 'graphql-http/lib/use/fastify';
import { createHandler as createFetchHandler } from 'graphql-http/lib/use/fetch';
import { createGuardedApi } from '../../src/request/guarded-api.ts';
import { anonymous } from '../../src/principal.ts';
import { httpAnswer } from '../../src/request/http-answer.ts';
import { innerRequest } from '../../src/request/incoming-request.ts';
import { graphqlHttpOptions } from '../../src/request/servers/graphql-http.ts';
import { mercuriusOptions, mercuriusPlugin } from '../../src/request/servers/mercurius.ts';
import { yogaPlugin } from '../../src/request/servers/yoga.ts';

// test/servers/ tests these functions with the servers themselves.
const api = createGuardedApi({
  url: 'https://api.example/graphql',
  issuers: [{ issuer: 'https://issuer.example', algorithms: ['ES256'] }],
  modules: [{ name: 'a', typeDefs: 'type Query { open: String @public, closed: String @auth }' }],
});

describe('the functions for servers', () => {
  it('mercuriusPlugin needs Mercurius, which is registered after it', async () => {
    const alone = fastify();
    await alone.register(mercuriusPlugin(api));
    await assert.rejects(async () => alone.ready(), /found no Mercurius/);
    const late = fastify();
    late.decorate('graphql', {});
    await assert.rejects(async () => late.register(mercuriusPlugin(api)), /register the plugin before it/);
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

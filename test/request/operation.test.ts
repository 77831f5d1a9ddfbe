import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { createContext } from '../../src/request/context.ts';
import { httpAnswer } from '../../src/request/http-answer.ts';
import { createOperationCheck } from '../../src/request/operation.ts';
import { createVerifier } from '../../src/token/verify.ts';
import { issuerOf, makeKey, now, payloadOf, sign, target } from '../support/tokens.ts';

const key = makeKey();
const verifier = createVerifier({ issuers: [issuerOf([key])], clock: () => now * 1000 });
const challenge = { realm: 'api', resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' };
const caller = createContext({ verifier, url: target.url, ...challenge });
const guarded = createGuardedSchema({
  modules: [
    {
      name: 'greetings',
      typeDefs: 'type Query { hello: String @public, secret: String @auth(scope: "secrets:read") }',
    },
  ],
});
const check = createOperationCheck(guarded, challenge);
const contextOf = (scope: string) =>
  caller(
    new Request(target.url, { headers: { authorization: `Bearer ${sign(key, { payload: payloadOf({ scope }) })}` } }),
  );

async function refusal(document: string, contextValue: unknown): Promise<GraphQLError> {
  try {
    check({ document: parse(document), contextValue });
  } catch (error) {
    assert.ok(error instanceof GraphQLError);
    return error;
  }
  throw new Error('The operation was not refused.');
}

describe('the check of an operation, on any server', () => {
  it('accepts an operation that its caller may run completely or in part', async () => {
    check({ document: parse('{ hello }'), contextValue: {} });
    check({ document: parse('{ hello secret }'), contextValue: undefined });
    check({ document: parse('{ secret }'), contextValue: await contextOf('secrets:read') });
  });

  it('refuses an operation with the status, the challenge and the body of its code', async () => {
    const anonymous = httpAnswer(await refusal('{ secret }', {}));
    assert.equal(anonymous?.status, 401);
    assert.match(anonymous.headers['www-authenticate'] ?? '', /^Bearer realm="api", resource_metadata=/);
    const lacking = httpAnswer(await refusal('{ secret }', await contextOf('other')));
    assert.equal(lacking?.status, 403);
    assert.match(lacking.headers['www-authenticate'] ?? '', /error="insufficient_scope".*scope="secrets:read"/);
    assert.equal(lacking.headers['cache-control'], 'no-store');
    assert.deepEqual(lacking.body.errors[0]?.extensions, {
      code: 'FORBIDDEN',
      coordinate: 'Query.secret',
      requiredScopes: ['secrets:read'],
    });
  });

  it('executes nothing in a schema that is not guarded', () => {
    const [document, contextValue] = [parse('{ hello }'), {}];
    check({ document, contextValue, schema: guarded.schema });
    check({ document, contextValue, schema: undefined });
    const schema = buildSchema('type Query { hello: String }');
    assert.throws(
      () => check({ document, contextValue, schema }),
      /^StartError: createOperationCheck: the server executes a schema that is not guarded; .*guarded\.schema$/,
    );
  });

  it('gives the headers as a Map and as members, because servers read one or the other', async () => {
    const { headers } = (await refusal('{ secret }', {})).extensions['http'] as { headers: Map<string, string> };
    assert.ok(headers instanceof Map);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.deepEqual(Object.assign({}, headers), Object.fromEntries(headers));
  });
});

describe('the HTTP answer of a refusal', () => {
  it('is made from errors of Claimgate that are the whole answer, and from no other value', async () => {
    const refused = await caller(new Request(target.url, { headers: { authorization: 'Basic YTpi' } })).catch(
      (error: unknown) => error,
    );
    assert.equal(httpAnswer(refused)?.status, 400);
    const others = [new Error('secret'), new GraphQLError('no'), null, 'x', { extensions: { http: { status: 401 } } }];
    for (const other of others) assert.equal(httpAnswer(other), null);
    assert.equal(httpAnswer(new GraphQLError('no', { extensions: { http: { status: '401' } } })), null);
  });
});

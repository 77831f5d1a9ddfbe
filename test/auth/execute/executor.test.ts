import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GraphQLResolveInfo, parse } from 'graphql';
import { inspect as inspectOfGraphql } from 'graphql/jsutils/inspect.js';
import { createExecutor, type QueryRequest } from '../../../src/auth/execute/executor.ts';
import { inspect } from '../../../src/auth/execute/inspect.ts';
import { withoutInfo } from '../../../src/auth/resolvers/without-info.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { principalFor } from '../../support/callers.ts';
import { assertSame, byExecutor, byGraphql } from '../../support/both-executors.ts';

const seen: GraphQLResolveInfo[] = [];
const ran: string[] = [];
let now = 1_800_000_000;
const { schema } = createGuardedSchema({
  clock: () => now * 1_000,
  modules: [
    {
      name: 'main',
      typeDefs: `
        scalar Any
        type Query {
          noted(a: Int = 1, b: [Int!]): Item @public
          items: [Item!]! @public
          fresh: Int @auth(maxAge: 60)
          context: Item @public
          any: Any @public
          anys: [Any] @public
        }
        type Mutation { go: Int @public }
        type Item { id: ID  secret: String @auth(scope: "s")  log: String  self: Item }
      `,
      resolvers: {
        Query: {
          noted: (_source: unknown, args: Record<string, unknown>, _context: unknown, info: GraphQLResolveInfo) => {
            seen.push(info);
            assert.equal(Object.getPrototypeOf(args), Object.prototype);
            args['a'] = 'changed';
            (info.fieldNodes as unknown[]).push('changed');
            return { id: JSON.stringify(args['b'] ?? null), self: { id: '2' } };
          },
          fresh: () => {
            ran.push('fresh');
            return 1;
          },
          context: (_source: unknown, _args: unknown, context: { principal: unknown }) => {
            context.principal = principalFor({ scopes: [] });
            return { id: '1', secret: 'secret' };
          },
          items: () => [
            { id: '1', secret: 'x' },
            { id: '2', secret: 'y' },
          ],
          any: () => undefined,
          anys: () => [undefined],
        },
        Item: { log: (source: { id: string }) => `item ${source.id}` },
      },
    },
  ],
});
const executeQuery = createExecutor(schema);
const allowed = principalFor({ scopes: ['s'], claims: { auth_time: now - 10 } });

function requestFor(document: string, more: Partial<QueryRequest> = {}): QueryRequest {
  return { document: parse(document), contextValue: { principal: allowed }, ...more };
}

describe('what the executor takes', () => {
  it('declines other operations before it runs anything', () => {
    const reasons = (
      [
        ['mutation { go }', {}, 'NOT_A_QUERY'],
        ['query A { items { id } }', { operationName: 'B' }, 'NO_OPERATION'],
        ['query A { items { id } } query B { items { id } }', {}, 'NO_OPERATION'],
        ['query ($a: Int!) { noted(a: $a) { id } }', {}, 'VARIABLES'],
        ['query ($a: Int!) { noted(a: $a) { id } }', { variables: { a: 'one' } }, 'VARIABLES'],
        ['query ($on: Boolean = true) { items { id @skip(if: $on) } }', { variables: { on: null } }, 'CONDITION'],
        ['{ toJSON: any }', {}, 'RESPONSE_KEY'],
        ['{ then: any }', {}, 'RESPONSE_KEY'],
        ['{ ...F } fragment F on Query { ... @defer { any } }', {}, 'INCREMENTAL'],
        [`{ context ${'{ self '.repeat(201)} { id } ${'}'.repeat(201)} }`, {}, 'TOO_DEEP'],
      ] as const
    ).map(([document, more, reason]) => [executeQuery(requestFor(document, more)), { kind: 'other', reason }]);
    for (const [found, wanted] of reasons) assert.deepEqual(found, wanted);
    assert.deepEqual(seen, []);
  });

  it('returns the result at once if nothing is a promise', () => {
    assert.deepEqual(executeQuery(requestFor('{ items { id secret log } __typename }')), {
      kind: 'result',
      data: '{"items":[{"id":"1","secret":"x","log":"item 1"},{"id":"2","secret":"y","log":"item 2"}],"__typename":"Query"}',
      errors: [],
    });
  });
});

describe('what resolvers receive', () => {
  it('gives an info with the own members of graphql-js, and fresh arguments and nodes for each call', () => {
    const request = requestFor('{ one: noted(b: [1, 2]) { id } two: noted { id } }');
    for (let again = 0; again < 2; again += 1) {
      seen.length = 0;
      const result = executeQuery(request);
      assert.ok('data' in result);
      assert.equal(result.data, '{"one":{"id":"[1,2]"},"two":{"id":"null"}}');
      const [info] = seen;
      assert.ok(info);
      assert.deepEqual(Object.keys({ ...info }), [
        'fieldName',
        'fieldNodes',
        'returnType',
        'parentType',
        'path',
        'schema',
        'fragments',
        'rootValue',
        'operation',
        'variableValues',
      ]);
      assert.equal(info.fieldNodes.length, 2, 'a change of the array does not outlive the execution');
      assert.deepEqual(info.path, { prev: undefined, key: 'one', typename: 'Query' });
      assert.equal(info.schema, schema);
      assert.equal(info.operation, request.document.definitions[0]);
      assert.notEqual(info.variableValues, undefined);
    }
  });
});

describe('withoutInfo', () => {
  it('lets the executor call the resolvers of a map without info, and no other resolver', () => {
    const received: Record<string, number> = {};
    const note =
      (name: string) =>
      (...given: unknown[]): string => {
        received[name] = given.length;
        return name;
      };
    const own = withoutInfo({ Query: { marked: note('marked'), described: { resolve: note('described') } } });
    const { schema: marked } = createGuardedSchema({
      modules: [
        {
          name: 'main',
          typeDefs: `type Query {
            marked(a: Int): String @public  described: String @auth(scope: "s")  other: String @public
          }`,
          resolvers: { Query: { ...own.Query, other: note('other') } },
        },
      ],
    });
    const result = createExecutor(marked)(requestFor('{ marked(a: 1) described other }'));
    assert.ok('data' in result);
    assert.equal(result.data, '{"marked":"marked","described":"described","other":"other"}');
    assert.deepEqual(received, { marked: 3, described: 3, other: 4 });
  });
});

describe('the guard', () => {
  it('decides a rule with maxAge at each execution', () => {
    const request = requestFor('{ fresh }');
    assert.deepEqual(executeQuery(request), { kind: 'result', data: '{"fresh":1}', errors: [] });
    now += 120;
    ran.length = 0;
    const late = executeQuery(request);
    now -= 120;
    assert.ok('errors' in late);
    assert.deepEqual([late.data, late.errors[0]?.extensions['code'], ran], ['{"fresh":null}', 'STEP_UP_REQUIRED', []]);
  });

  it('decides for the principal that the context has when the field is reached', () => {
    const result = executeQuery(requestFor('{ items { secret } context { id secret } }'));
    assert.ok('errors' in result);
    assert.equal(result.data, '{"items":[{"secret":"x"},{"secret":"y"}],"context":{"id":"1","secret":null}}');
    assert.equal(result.errors.length, 1);
  });

  it('uses a resolver that was replaced after the schema was guarded', async () => {
    const field = schema.getQueryType()?.getFields()['items'];
    assert.ok(field);
    const { resolve } = field;
    const request = {
      document: parse('{ items { id secret } }'),
      contextValue: () => ({ principal: principalFor({ scopes: [] }) }),
    };
    await byExecutor(executeQuery, request);
    field.resolve = () => [{ id: 'other', secret: 'z' }];
    try {
      const found = await byExecutor(executeQuery, request);
      assert.equal(found?.data, '{"items":[{"id":"other","secret":null}]}');
      assertSame(found, await byGraphql(schema, request));
    } finally {
      if (resolve) field.resolve = resolve;
    }
  });
});

it('describes values as graphql-js does', () => {
  for (const value of [
    'a"b',
    1,
    -0,
    null,
    undefined,
    [1, [2, [3]]],
    { a: { b: { c: 1 } } },
    Symbol('s'),
    () => 1,
    7n,
  ]) {
    assert.equal(inspect(value), inspectOfGraphql(value));
  }
});

it('E-2 a denied or failed item does not end the process while others are pending', async () => {
  const unhandled: unknown[] = [];
  const record = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', record);
  const rejects = async (): Promise<never> => {
    await new Promise(setImmediate);
    throw new Error('late');
  };
  const lists = createGuardedSchema({
    modules: [
      {
        name: 'main',
        typeDefs: `type Query { list: [Item!]! @public  any: [Any!]! @public }  interface Any { late: String! }
           type Item implements Any { late: String!  denied: String! @auth(scope: "x")  self: Item! }`,
        resolvers: {
          Query: {
            list: () => [{ self: { late: rejects } }, { late: rejects }, null],
            // The type of the first item is known later, and the list has a promise.
            any: () => [{ late: rejects }, Promise.resolve({ late: rejects }), null],
          },
          Any: { __resolveType: async () => 'Item' },
        },
      },
    ],
  });
  const run = createExecutor(lists.schema);
  for (const document of [
    '{ list { late self { late } } }',
    '{ list { self { late } denied } }',
    '{ list { late denied } }',
    '{ any { late } }',
  ]) {
    const request = { document: parse(document), contextValue: () => ({ principal: allowed }) };
    assertSame((await byExecutor(run, request)) ?? assert.fail(), await byGraphql(lists.schema, request));
  }
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  process.removeListener('unhandledRejection', record);
  assert.deepEqual(unhandled, []);
});

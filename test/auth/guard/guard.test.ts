import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execute, Kind, parse, subscribe } from 'graphql';
import { repeatsDenial } from '../../../src/auth/decide/denial-error.ts';
import { countRuns, extensionsOf, guard, holder, run, shop } from '../../support/modules.ts';

describe('interfaces', () => {
  const typeDefs = `
    interface Node { id: ID!  secret: String }
    type Query { node: Node @public  doc: Doc @public }
    type Doc implements Node { id: ID!  secret: String @auth(scope: "s") }
    type Memo implements Node { id: ID!  secret: String }
  `;
  const doc = { __typename: 'Doc', id: 'd', secret: 'x' };

  it('B-1 a field that only the implementer guards is denied through the interface', async () => {
    const { calls, gives } = countRuns();
    const schema = guard(typeDefs, { Query: { node: () => doc }, Doc: { secret: gives('x') } });
    const result = await run(schema, '{ node { id secret } }', holder());
    assert.deepEqual(result.data, { node: { id: 'd', secret: null } });
    assert.deepEqual(calls, []);
    assert.deepEqual(extensionsOf(result), [
      { code: 'FORBIDDEN', coordinate: 'Node.secret', selection: ['node', 'secret'] },
    ]);
  });

  it('B-1 the denial of a fragment on the implementer names the field', async () => {
    const schema = guard(typeDefs, { Query: { node: () => doc } });
    const result = await run(schema, '{ node { ...F } } fragment F on Doc { x: secret }', holder());
    assert.deepEqual(extensionsOf(result), [
      { code: 'FORBIDDEN', coordinate: 'Doc.secret', requiredScopes: ['s'], selection: ['node', 'x'] },
    ]);
  });
});

describe('guarded types', () => {
  it('B-3 in a list of an interface, only the values of a guarded type become null', async () => {
    const result = await run(shop(), '{ nodes { id __typename } }', holder());
    assert.deepEqual(result.data, {
      nodes: [{ id: 'o1', __typename: 'Order' }, null, { id: 'n1', __typename: 'Note' }, null],
    });
    assert.deepEqual(result.errors?.[0]?.path, ['nodes', 1]);
  });

  it('B-12 a denial by a value names the selected field, but neither type nor scopes', async () => {
    const result = await run(shop(), '{ a: node(id: "a1") { id } }', holder());
    assert.deepEqual(extensionsOf(result), [{ code: 'FORBIDDEN', coordinate: 'Query.node', selection: ['a'] }]);
    assert.doesNotMatch(String(result.errors?.[0]?.message), /Account|accounts/);
  });

  const typeDefs = `
    union Any = Open | Closed
    type Open { x: Int }
    type Closed @auth(scope: "c") { x: Int }
    type Query { any: Any @public }
  `;
  const resolveTypes = {
    'a promise of a name': { Any: { __resolveType: async () => 'Closed' } },
    'a name': { Any: { __resolveType: () => 'Closed' } },
    isTypeOf: { Open: { __isTypeOf: () => false }, Closed: { __isTypeOf: () => true } },
    'a promise from isTypeOf': { Open: { __isTypeOf: async () => false }, Closed: { __isTypeOf: async () => true } },
  };
  for (const [name, resolvers] of Object.entries(resolveTypes)) {
    it(`B-3 a union's member is denied when resolved by ${name}`, async () => {
      const schema = guard(typeDefs, { Query: { any: () => ({ x: 1 }) }, ...resolvers });
      const denied = await run(schema, '{ any { __typename ... on Closed { x } } }', holder());
      assert.deepEqual(denied.data, { any: null });
      const allowed = await run(schema, '{ any { __typename ... on Closed { x } } }', holder('c'));
      assert.deepEqual(allowed.data, { any: { __typename: 'Closed', x: 1 } });
    });
  }

  it('B-3 a root type has its rule on each of its fields', async () => {
    const schema = guard(
      `schema { query: Root } type Root @auth(scope: "r") { a: Int  b: Int @auth(scope: "b")  c: Int @public }`,
      { Root: { a: () => 1, b: () => 2, c: () => 3 } },
    );
    assert.deepEqual((await run(schema, '{ a b c }', holder('r'))).data, { a: 1, b: null, c: 3 });
    assert.deepEqual((await run(schema, '{ a b c }', holder('b'))).data, { a: null, b: null, c: null });
  });
});

describe('scopes', () => {
  it('B-7 @auth without arguments needs any valid token', async () => {
    const schema = guard('type Query { x: Int @auth }', { Query: { x: () => 1 } });
    assert.deepEqual((await run(schema, '{ x }', holder())).data, { x: 1 });
    const denied = await run(schema, '{ x }');
    assert.deepEqual(extensionsOf(denied), [
      { code: 'UNAUTHENTICATED', coordinate: 'Query.x', requiredScopes: [], selection: ['x'] },
    ]);
  });

  it('B-14 requiredScopes of several rules are exactly the sufficient alternatives', async () => {
    const schema = guard(
      'type Query { x: T @auth(scope: ["a", "b"]) @auth(scope: ["a", "c d"]) } type T @auth { y: Int }',
      {},
    );
    const [extensions] = extensionsOf(await run(schema, '{ x { y } }'));
    assert.deepEqual(extensions?.['requiredScopes'], ['a', 'b c d']);
  });

  it('B-21 a forged principal, or one that throws, gets nothing', async () => {
    const { schema } = guard('type Query { x: Int @auth }', { Query: { x: () => 1 } });
    const forged = { principal: { ...holder(), kind: 'account' } };
    const thrower = {
      get principal(): never {
        throw new Error('gone');
      },
    };
    for (const contextValue of [undefined, null, 'x', forged, thrower]) {
      const result = await execute({ schema, document: parse('{ x }'), contextValue });
      assert.equal(result.data?.['x'], null);
      assert.equal(result.errors?.length, 1);
    }
  });
});

describe('B-14 how a field is denied', () => {
  it('one error for a selection, at its first position, and none of its resolvers runs', async () => {
    const guarded = shop();
    const result = await run(guarded, '{ orders { id t: total } }', holder('admin'));
    assert.deepEqual(result.data, {
      orders: [
        { id: 'o1', t: null },
        { id: 'o1', t: null },
      ],
    });
    assert.equal(result.errors?.length, 1);
    assert.deepEqual(result.errors?.[0]?.path, ['orders', 0, 't']);
    assert.deepEqual(extensionsOf(result), [
      { code: 'FORBIDDEN', coordinate: 'Order.total', requiredScopes: ['totals'], selection: ['orders', 't'] },
    ]);
    assert.ok(!guarded.calls.includes('Order.total'));
  });

  it('each alias is a selection of its own', async () => {
    const result = await run(shop(), '{ order { a: total b: total } }', holder());
    assert.deepEqual(
      extensionsOf(result).map(({ selection }) => selection),
      [
        ['order', 'a'],
        ['order', 'b'],
      ],
    );
  });

  it('nulls move up as in GraphQL, and positions of one selection share one error', async () => {
    const result = await run(shop(), '{ order { id lines { text } } hello }', holder());
    assert.deepEqual(result.data, { order: null, hello: 'hello' });
    const list = await run(shop(), '{ nodes { ... on Order { lines { text } } } again: nodes { id } }', holder());
    assert.deepEqual(list.data?.['nodes'], [null, null, {}, null]);
  });

  it('repeated denials are recognised by their object, other errors never', async () => {
    const shared = new Error('same');
    const schema = guard(
      'type Query { list: [T] @public  fail: [T] @public } type T { x: Int! @auth(scope: "x")  y: Int }',
      {
        Query: { list: () => [{}, {}, {}], fail: () => [{}, {}] },
        T: {
          y: () => {
            throw shared;
          },
        },
      },
    );
    const denied = await run(schema, '{ list { x } }', holder());
    assert.deepEqual(denied.data, { list: [null, null, null] });
    assert.deepEqual(denied.errors?.map(repeatsDenial()), [false, true, true]);
    const failed = await run(schema, '{ fail { y } }', holder());
    assert.deepEqual(failed.errors?.map(repeatsDenial()), [false, false]);
  });

  it('a field without a rule keeps its resolver, or has none', () => {
    const { schema } = shop();
    assert.equal(schema.getQueryType()?.getFields()['order']?.type.toString(), 'Order');
    const order = schema.getType('Order');
    assert.ok(order && 'getFields' in order);
    const field = order.getFields()['id'];
    assert.ok(field && 'resolve' in field);
    assert.equal(field.resolve, undefined);
  });
});

describe('mutations', () => {
  const refused = {
    'a payload of a guarded type': 'mutation { make { account { __typename } } }',
    'a guarded interface field through another interface':
      'mutation { make { things { ... on Node { ... on Sealed { secret } } } } }',
    'a fragment on a guarded type': 'mutation { make { things { ... on Account { name } } } }',
  };
  for (const [name, source] of Object.entries(refused)) {
    it(`B-13 a denial by ${name} has no side effect, executed directly`, async () => {
      const guarded = shop();
      const result = await run(guarded, source, holder());
      assert.deepEqual(guarded.calls, []);
      assert.equal(new Set(result.errors).size, 1);
      assert.equal(result.errors?.[0]?.extensions['code'], 'FORBIDDEN');
    });
  }

  it('B-13 a field that an outer fragment guards is denied in an inner fragment that does not', async () => {
    const { calls, gives } = countRuns();
    const both = { __typename: 'Both', secret: 'x' };
    const guarded = guard(
      `interface Guarded { secret: String @auth(scope: "s") }
       interface Free { secret: String }
       type Both implements Guarded & Free { secret: String }
       type Other implements Free { secret: String }
       type Query { ok: Int @public }
       type Mutation { make: Guarded @public  free: Free @public }`,
      { Mutation: { make: gives(both), free: gives({ __typename: 'Other', secret: 'y' }) } },
    );
    const denied = await run(guarded, 'mutation { make { ... on Free { secret } } }', holder());
    assert.deepEqual(extensionsOf(denied)[0]?.['requiredScopes'], ['s']);
    assert.deepEqual(calls, []);
    assert.deepEqual((await run(guarded, 'mutation { free { secret } }', holder())).data, { free: { secret: 'y' } });
  });

  it('B-13 an operation with other fragments is planned again', async () => {
    const guarded = shop();
    const [operation] = parse('mutation { touch { ...F } }').definitions;
    assert.ok(operation);
    for (const [selected, runs] of [
      ['id', 1],
      ['total', 0],
    ] as const) {
      guarded.calls.length = 0;
      const [fragment] = parse(`fragment F on Order { ${selected} }`).definitions;
      assert.ok(fragment);
      const document = { kind: Kind.DOCUMENT, definitions: [operation, fragment] } as const;
      await execute({ schema: guarded.schema, document, contextValue: { principal: holder() } });
      assert.equal(guarded.calls.length, runs);
    }
  });

  it('B-13 a mutation that selects nothing denied runs', async () => {
    const guarded = shop();
    const source = 'mutation ($with: Boolean!) { touch { id total @include(if: $with) wiped: total @skip(if: true) } }';
    assert.deepEqual(await run(guarded, source, holder(), { with: false }), { data: { touch: { id: 'o1' } } });
    assert.deepEqual(guarded.calls, ['Mutation.touch']);
  });

  it('B-13 a rule that only a value decides does not refuse the mutation', async () => {
    const result = await run(shop(), 'mutation { make { node { id } } }', holder());
    assert.deepEqual(result, { data: { make: { node: { id: 'n1' } } } });
  });

  it('B-13 is decided again for each caller and each execution', async () => {
    const guarded = shop();
    const document = parse('mutation { wipe }');
    const as = (principal: unknown) => execute({ schema: guarded.schema, document, contextValue: { principal } });
    assert.equal((await as(holder('admin'))).data?.['wipe'], true);
    assert.equal((await as(holder())).data, null);
    assert.equal((await as(holder('admin'))).data?.['wipe'], true);
  });
});

describe('subscriptions', () => {
  const start = (guarded: ReturnType<typeof shop>, source: string, ...scopes: string[]) =>
    subscribe({ schema: guarded.schema, document: parse(source), contextValue: { principal: holder(...scopes) } });

  it('B-13 one that selects nothing denied delivers its events', async () => {
    const stream = await start(shop(), 'subscription { ticks { id total } }', 'totals');
    assert.ok(Symbol.asyncIterator in stream);
    for await (const event of stream) assert.equal(JSON.stringify(event), '{"data":{"ticks":{"id":"o1","total":5}}}');
  });
});

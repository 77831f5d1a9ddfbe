import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toGlobalId, fromGlobalId } from '../../src/api/relay/global-id.ts';
import { defineModule, type Module } from '../../src/api/module.ts';
import { createApiSchema } from '../../src/api/schema.ts';
import { StartError } from '../../src/errors.ts';
import { addAccount, catalogue, codesOf, nobody, openApi, person } from './fixture.ts';

interface Row {
  readonly number: string;
  readonly owner: string;
  readonly __typename?: string;
}

const orders: ReadonlyMap<string, Row> = new Map([
  ['1', { number: '1', owner: 'ada' }],
  // A record that was found cannot claim another type.
  ['2', { number: '2', owner: 'bob', __typename: 'Note' }],
]);

/**
 * A team's module with three types that have global IDs: the first has a scope, the second an owner, the third no rule.
 */
const shop = defineModule({
  name: 'shop',
  typeDefs: `
    type Order implements Node @auth(scope: "audit") { id: ID! number: String! }
    type Note implements Node { id: ID! number: String! secret: String @auth(scope: "keys") }
    type Diary implements Node @auth(owner: "owner") { id: ID! owner: String! }
    extend type Query {
      order(number: String!): Order @public
      diary(number: String!): Diary @auth
      things: [Node] @auth
    }
    extend type Mutation { openOrder(id: ID!): String @auth }
  `,
  resolvers: {
    Query: {
      order: (_query, { number }) => orders.get(number),
      diary: (_query, { number }) => orders.get(number),
      things: () => [{ ...orders.get('1'), __typename: 'Note' }],
    },
    Mutation: { openOrder: (_mutation, { id }) => fromGlobalId('Order', id) },
    Order: { id: ({ number }) => toGlobalId('Order', number) },
    Note: { id: ({ number }) => toGlobalId('Note', number), secret: () => 'secret' },
    Diary: { id: ({ number }) => toGlobalId('Diary', number) },
  },
  nodes: {
    Order: (id) => orders.get(id) ?? null,
    Note: async (id) => orders.get(id),
    Diary: (id) => orders.get(id),
  },
});

const query = `query ($id: ID!) { node(id: $id) { __typename id ... on Order { number } ... on Note { number secret } } }`;

function faultsOf(...modules: Module[]): readonly string[] {
  try {
    createApiSchema({ catalogue, modules });
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    return error.faults;
  }
  return [];
}

describe('G-12 node(id:) of a team’s types', () => {
  it("G-12 finds a module's records by the IDs that the module makes", async (t) => {
    const { ask } = await openApi(t, { modules: [shop] });
    const { data } = await ask(person('ada', 'audit'), '{ order(number: "2") { id } }');
    const id = toGlobalId('Order', '2');
    assert.equal(data.order.id, id);
    const found = await ask(person('ada', 'audit'), query, { id });
    assert.deepEqual(found, { data: { node: { __typename: 'Order', id, number: '2' } }, errors: [] });
    const opened = await ask(person('ada'), 'mutation ($id: ID!) { openOrder(id: $id) }', { id });
    assert.equal(opened.data.openOrder, '2');
    const wrong = await ask(person('ada'), 'mutation ($id: ID!) { openOrder(id: $id) }', {
      id: toGlobalId('Note', '2'),
    });
    assert.equal(wrong.errors[0]?.message, 'id: expected the id of a Order.');
  });

  it('G-12 answers null for a missing record, an unknown type and an invalid ID', async (t) => {
    const { ask } = await openApi(t, { modules: [shop] });
    for (const id of [
      toGlobalId('Order', '9'),
      toGlobalId('Order', 'constructor'),
      toGlobalId('Nothing', '1'),
      '1',
      '',
    ]) {
      assert.deepEqual(await ask(person('ada', 'audit'), query, { id }), { data: { node: null }, errors: [] });
    }
    for (const type of ['constructor', '__proto__', 'Query', 'Node', 'String']) {
      assert.deepEqual((await ask(person('ada'), query, { id: toGlobalId(type, '1') })).data, { node: null });
    }
  });

  it('G-12 denies a node as every other path to it does', async (t) => {
    const { ask } = await openApi(t, { modules: [shop] });
    const id = toGlobalId('Order', '1');
    const byField = await ask(person('ada'), '{ things { id } order(number: "1") { id } }');
    const byNode = await ask(person('ada'), query, { id });
    assert.deepEqual([codesOf(byField), codesOf(byNode)], [['FORBIDDEN'], ['FORBIDDEN']]);
    assert.deepEqual(byNode.data, { node: null });
    assert.deepEqual((await ask(person('ada'), '{ node(id: "' + id + '") { __typename } }')).data, { node: null });
    assert.deepEqual(codesOf(await ask(nobody, query, { id })), ['UNAUTHENTICATED']);
  });

  it('G-12 denies a node to all but its owner', async (t) => {
    const { ask } = await openApi(t, { modules: [shop] });
    for (const [number, caller, allowed] of [
      ['1', 'ada', true],
      ['1', 'bob', false],
      ['2', 'ada', false],
    ] as const) {
      const id = toGlobalId('Diary', number);
      const answers = [
        await ask(person(caller), query, { id }),
        await ask(person(caller), `{ node: diary(number: "${number}") { __typename id } }`),
      ];
      for (const { data, errors } of answers) {
        assert.deepEqual([data.node, errors.length], allowed ? [{ __typename: 'Diary', id }, 0] : [null, 1]);
      }
    }
  });

  it("G-12 a caller without a type's scope does not learn which nodes exist, and the finder does not run", async (t) => {
    const asked: string[] = [];
    const nodes: Module['nodes'] = {
      ...shop.nodes,
      Order: (id) => {
        asked.push(id);
        return orders.get(id);
      },
    };
    const { ask } = await openApi(t, { modules: [{ ...shop, nodes }] });
    const there = toGlobalId('Order', '1');
    const nowhere = toGlobalId('Order', '9');
    for (const source of [query, 'query ($id: ID!) { node(id: $id) { id } }']) {
      const answers = [
        await ask(person('ada'), source, { id: there }),
        await ask(person('ada'), source, { id: nowhere }),
      ];
      assert.deepEqual(answers[1], answers[0]);
      assert.deepEqual([answers[0]?.data, codesOf(answers[0] ?? assert.fail())], [{ node: null }, ['FORBIDDEN']]);
    }
    const both = `{ a: node(id: "${there}") { id } b: node(id: "${nowhere}") { id } }`;
    assert.deepEqual(codesOf(await ask(person('ada'), both)), ['FORBIDDEN', 'FORBIDDEN']);
    assert.deepEqual(asked, []);
    assert.deepEqual(await ask(person('ada', 'audit'), query, { id: nowhere }), { data: { node: null }, errors: [] });
    assert.deepEqual(asked, ['9']);
  });

  it('G-12 keeps the rules of fields below a node', async (t) => {
    const { ask } = await openApi(t, { modules: [shop] });
    const id = toGlobalId('Note', '1');
    const { data, errors } = await ask(person('ada'), query, { id });
    assert.deepEqual(data.node, { __typename: 'Note', id, number: '1', secret: null });
    assert.equal(errors[0]?.extensions?.['code'], 'FORBIDDEN');
  });

  it('G-12 takes several nodes of several types in one operation, and other fields that give Node', async (t) => {
    const { ask, store } = await openApi(t, { modules: [shop] });
    const { id } = await addAccount(store, 'ada@example.com');
    const { data, errors } = await ask(
      person(id, 'profile', 'audit'),
      `{ a: node(id: "${toGlobalId('Order', '1')}") { __typename } b: node(id: "${toGlobalId('Note', '1')}") { __typename }
         c: node(id: "${toGlobalId('Account', id)}") { __typename } things { __typename } }`,
    );
    assert.deepEqual(errors, []);
    const names = [data.a, data.b, data.c, data.things[0]].map((node) => node.__typename);
    assert.deepEqual(names, ['Order', 'Note', 'Account', 'Note']);
  });

  it('G-12 takes an instance of a class, and needs no embedded authorization server', async () => {
    class Nodes {
      readonly #orders = orders;
      Order(id: string) {
        return this.#orders.get(id);
      }
    }
    const nodes = new Nodes() as unknown as NonNullable<Module['nodes']>;
    const { schema } = createApiSchema({ catalogue, modules: [{ ...shop, nodes, resolvers: {} }] });
    assert.deepEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}).slice(0, 3), ['viewer', 'scopes', 'node']);
  });

  it('G-12 reports every fault of nodes at the start, by name', () => {
    const find = () => null;
    const nodes = {
      Oder: find,
      Order: find,
      Plain: find,
      Either: find,
      Note: 'none',
    } as unknown as NonNullable<Module['nodes']>;
    const typeDefs = 'type Plain { id: ID! } union Either = Plain';
    assert.deepEqual(
      faultsOf(
        shop,
        { name: 'more', typeDefs, nodes },
        { name: 'odd', typeDefs: 'scalar Odd', nodes: [find] as never },
      ),
      [
        'nodes.Order (modules "shop" and "more"): is given twice; give one function',
        'nodes.Note (module "more"): is not a function; expected (id, context) => the object, or null',
        'nodes (module "odd"): is an array; expected an object of functions by the names of types',
        'nodes.Oder (module "more"): names no type of the schema; did you mean Order?',
        'nodes.Plain (module "more"): does not implement Node; write `type Plain implements Node`, with `id: ID!`',
        'nodes.Either (module "more"): is not an object type; name each object type whose objects have a global ID',
      ],
    );
  });

  it('G-12 a module cannot find records of Claimgate', async (t) => {
    const nodes = { Account: () => ({ id: '1' }) };
    await assert.rejects(
      openApi(t, { modules: [{ name: 'mine', typeDefs: 'scalar Mine', nodes }] }),
      /nodes\.Account \(module "mine"\): is found by Claimgate itself; take this function out/,
    );
  });

  it('G-12 makes only IDs that it can also read', () => {
    for (const id of ['', 'with space', 'a'.repeat(257), 'é', '\n']) {
      assert.throws(() => toGlobalId('Order', id), /An id of the type Order needs 1 to 256 printable ASCII characters/);
    }
    assert.equal(fromGlobalId('order_', toGlobalId('order_', 'a:b')), 'a:b');
  });
});

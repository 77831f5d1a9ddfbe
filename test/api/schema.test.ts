import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import DataLoader from 'dataloader';
import { graphql } from 'graphql';
import { defineModule } from '../../src/api/module.ts';
import { perRequest } from '../../src/api/request/per-request.ts';
import { createApiSchema } from '../../src/api/schema.ts';
import { StartError } from '../../src/errors.ts';
import { catalogue, nobody, openApi, person } from './fixture.ts';

describe('the schema', () => {
  it('without the embedded server has viewer and scopes, and no field that needs a database', () => {
    const { schema } = createApiSchema({ catalogue });
    assert.deepEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}), ['viewer', 'scopes']);
    assert.equal(schema.getMutationType(), undefined);
  });

  it('accepts a team’s modules, which may extend and use our types', async () => {
    const orders = defineModule({
      name: 'orders',
      typeDefs: `
        type Query { orders: [Order!]! @auth(scope: "orders:read") }
        type Order { placedAt(since: DateTime): DateTime! }
        extend type Viewer { orders: Int! @auth(scope: "orders:read") }
        type Mutation { order: Boolean @public }
      `,
      resolvers: {
        Query: { orders: () => [{}] },
        Viewer: { orders: () => 3 },
        Order: { placedAt: (_order, { since }) => since },
        Mutation: { order: () => true },
      },
    });
    const { schema } = createApiSchema({
      catalogue: new Map([['orders:read', { description: 'See your orders' }]]),
      modules: [orders],
    });
    const { data, errors } = await graphql({
      schema,
      source: '{ viewer { orders } orders { placedAt(since: "2025-01-31T13:00:00+01:00") } scopes { name } }',
      contextValue: { principal: person('1', 'orders:read'), address: '192.0.2.1' },
    });
    assert.equal(errors, undefined);
    assert.deepEqual(JSON.parse(JSON.stringify(data)), {
      viewer: { orders: 3 },
      orders: [{ placedAt: '2025-01-31T12:00:00.000Z' }],
      scopes: [{ name: 'orders:read' }],
    });
  });

  it('does not start if a module redefines one of our types or names an unknown scope', () => {
    const faults: Record<string, string> = {
      'type Query { viewer: String @public }': 'Query.viewer',
      'type Query { mine: String @auth(scope: "mine") }': 'mine',
      'type Query { mine: String }': 'Query.mine',
    };
    for (const [typeDefs, named] of Object.entries(faults)) {
      assert.throws(
        () => createApiSchema({ catalogue, modules: [{ name: 'mine', typeDefs }] }),
        (error) => error instanceof StartError && error.message.includes(named),
      );
    }
  });

  it('describes every type and field', async (t) => {
    const { schema } = await openApi(t);
    const told = new Set(['id', 'createdAt', 'node', 'cursor', 'edges', 'pageInfo', 'input']);
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || !('getFields' in type)) continue;
      const isPlumbing = /(Connection|Edge|Payload|Input)$/.test(type.name);
      assert.ok(type.description || isPlumbing || /^(Query|Mutation|Subscription)$/.test(type.name), type.name);
    }
    for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        assert.ok(field.description, field.name);
        for (const argument of field.args) assert.ok(argument.description || told.has(argument.name), argument.name);
      }
    }
  });
});

it('perRequest makes one value for a request, and another for the next', async () => {
  const batches: (readonly number[])[] = [];
  const squares = perRequest(
    () =>
      new DataLoader(async (numbers: readonly number[]) => {
        batches.push(numbers);
        return numbers.map((number) => number * number);
      }),
  );
  for (let request = 0; request < 2; request += 1) {
    const context = { principal: nobody, address: '192.0.2.1' };
    assert.deepEqual(await Promise.all([2, 3, 2].map((number) => squares(context).load(number))), [4, 9, 4]);
  }
  assert.deepEqual(batches, [
    [2, 3],
    [2, 3],
  ]);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { getOperationAST, type GraphQLResolveInfo, Kind, parse } from 'graphql';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { guardOne, person } from '../../support/rules.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * Resolves the events of a subscription with one object of variables, as the executor of GraphQL Yoga does. graphql-js
 * makes a new object for each event.
 *
 * @returns a function that resolves an event. It returns the value for the executor, or its error
 */
function eventsOf({ schema }: GuardedSchema, source: string): (payload: unknown) => Promise<unknown> {
  const operation = getOperationAST(parse(source));
  const parentType = schema.getSubscriptionType();
  const [node] = operation?.selectionSet.selections ?? [];
  assert.ok(operation && parentType && node?.kind === Kind.FIELD);
  const field = parentType.getFields()[node.name.value];
  assert.ok(field?.resolve);
  const { resolve, name, type } = field;
  const variableValues = {};
  const contextValue = { principal: person('', { auth_time: 0 }) };
  return async (payload) => {
    const info: GraphQLResolveInfo = {
      fieldName: name,
      fieldNodes: [node],
      returnType: type,
      parentType,
      path: { prev: undefined, key: name, typename: parentType.name },
      schema,
      fragments: {},
      rootValue: payload,
      operation,
      variableValues,
    };
    try {
      return await resolve(payload, {}, contextValue, info);
    } catch (error) {
      return error;
    }
  };
}

describe('an executor that shares the variables between the events of a subscription', () => {
  const typeDefs = `
    type Query { a: Int @public }
    type Subscription { ticks: Int @auth(policy: "open")  order: Order @public }
    type Order @auth(owner: "owner") { owner: ID }`;
  async function* subscribe() {
    yield 1;
  }

  it('a policy is asked for each event, and its earlier verdict does not count', async () => {
    let open = true;
    const asked: number[] = [];
    const policies = {
      open: (requests: readonly unknown[]) => {
        asked.push(requests.length);
        return requests.map(() => open);
      },
    };
    const resolvers = {
      Subscription: { ticks: { subscribe, resolve: (payload: unknown) => payload }, order: { subscribe } },
    };
    const next = eventsOf(guardOne(typeDefs, { policies, resolvers }), 'subscription { ticks }');
    assert.equal(await next(1), 1);
    const first = asked.length;
    open = false;
    for (let event = 0; event < 3; event += 1) {
      assert.match(String(await next(1)), /A policy of the server does not allow Subscription\.ticks/);
    }
    // The first event can ask two times: for the whole operation, and for the field.
    assert.ok(first > 0 && asked.length >= first + 3);
  });

  it('the owner is read for each event, also of an object that changed', async () => {
    const order = { owner: 'alice' };
    const policies = { open: (requests: readonly unknown[]) => requests.map(() => true) };
    const next = eventsOf(guardOne(typeDefs, { policies }), 'subscription { order { owner } }');
    assert.equal(await next({ order }), order);
    order.owner = 'bob';
    for (let event = 0; event < 2; event += 1) {
      assert.match(String(await next({ order })), /is for its owner/);
    }
    order.owner = 'alice';
    assert.equal(await next({ order }), order);
  });

  it('the payloads of earlier events are not kept', async () => {
    const policies = { open: (requests: readonly unknown[]) => requests.map(() => true) };
    const resolvers = { Subscription: { ticks: { subscribe, resolve: () => 1 }, order: { subscribe } } };
    const next = eventsOf(guardOne(typeDefs, { policies, resolvers }), 'subscription { ticks }');
    const payloads: WeakRef<object>[] = [];
    for (let event = 0; event < 20; event += 1) {
      const payload = { event, text: 'x'.repeat(10_000) };
      payloads.push(new WeakRef(payload));
      assert.equal(await next(payload), 1);
    }
    await next({});
    await setImmediate();
    collect();
    assert.ok(payloads.filter((one) => one.deref()).length <= 2);
  });
});

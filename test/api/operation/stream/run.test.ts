import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError } from 'graphql';
import { operationSteps } from '../../../../src/api/operation/steps.ts';
import type { StreamCaller } from '../../../../src/api/operation/stream/prepared.ts';
import { createRunner } from '../../../../src/api/operation/stream/run.ts';
import { createGuardedSchema } from '../../../../src/auth/schema.ts';
import { policy } from '../../fixture.ts';
import { anonymous } from '../../../../src/principal.ts';

it('a client that unsubscribes does not wait for a further event, and no listener is left', async () => {
  const silent = async function* () {
    await new Promise(() => {});
    yield 1;
  };
  const api = createGuardedSchema({
    modules: [
      {
        name: 'silent',
        typeDefs: 'type Query { x: Int @public } type Subscription { never: Int @public }',
        resolvers: { Subscription: { never: { subscribe: silent } } },
      },
    ],
  });
  const listeners = new Set<unknown>();
  const caller = {
    context: () => ({ principal: anonymous }),
    fault: null,
    onEnd(listener: unknown) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const runner = createRunner(operationSteps('stream', policy, api));
  const prepared = runner.prepare({ query: 'subscription { never }' }, caller);
  assert.ok('document' in prepared);
  const events = await runner.run(prepared);
  assert.ok(Symbol.asyncIterator in events);
  const next = events.next();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(listeners.size, 1);
  await events.return?.();
  assert.deepEqual(await next, { done: true, value: undefined });
  assert.equal(listeners.size, 0);
});

it('A-11 nothing runs after the token has ended, even while the connection is still closing', async () => {
  let runs = 0;
  const api = createGuardedSchema({
    modules: [
      {
        name: 'counted',
        typeDefs: 'type Query { x: Int @public } type Mutation { count: Int @public }',
        resolvers: { Mutation: { count: () => (runs += 1) } },
      },
    ],
  });
  const over = new GraphQLError('it was revoked');
  const caller: { fault: GraphQLError | null } & Omit<StreamCaller, 'fault'> = {
    context: () => ({ principal: anonymous }),
    fault: null,
    onEnd: () => () => {},
  };
  const runner = createRunner(operationSteps('stream', policy, api));
  const prepared = runner.prepare({ query: 'mutation { count }' }, caller);
  assert.ok('document' in prepared);
  caller.fault = over;
  assert.deepEqual(await runner.run(prepared), { errors: [over] });
  assert.deepEqual(runner.prepare({ query: 'mutation { count }' }, caller), [over]);
  assert.equal(runs, 0);
});

describe('E-4 the end of an operation', () => {
  const gates = new Map<string, PromiseWithResolvers<unknown>>();
  const gate = (name: string) => {
    const made = Promise.withResolvers<unknown>();
    gates.set(name, made);
    return made.promise;
  };
  /** Yields one event. It yields no other event until the test opens its gate. */
  const source = (more: object) => {
    let first = true;
    return {
      next: async () => {
        if (!first) await gate('next');
        const done = !first;
        first = false;
        return { done, value: 1 };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      ...more,
    };
  };
  const api = createGuardedSchema({
    modules: [
      {
        name: 'endings',
        typeDefs: `
          type Query { slow: Int @public }
          type Subscription { begins: Int @public returns: Int @public plain: Int @public executes: Int @public }
        `,
        resolvers: {
          Query: { slow: () => gate('slow') },
          Subscription: {
            begins: { subscribe: () => gate('begins') },
            returns: { subscribe: () => source({ return: () => gate('return') }), resolve: (n: number) => n },
            plain: { subscribe: () => source({}), resolve: (n: number) => n },
            executes: { subscribe: () => source({ return: async () => ({}) }), resolve: () => gate('execute') },
          },
        },
      },
    ],
  });
  const runner = createRunner(operationSteps('stream', policy, api));

  for (const [name, query, last, opened] of [
    ['a query: its resolvers have settled', '{ slow }', 'slow', 1],
    ['a subscription that has not begun: its `subscribe` has settled', 'subscription { begins }', 'begins', source({})],
    ['a subscription: `return` of its source has settled', 'subscription { returns }', 'return', {}],
    ['a source without `return`: its pending `next` has settled', 'subscription { plain }', 'next', {}],
    ['an event that is executed: its resolvers have settled', 'subscription { executes }', 'execute', 1],
  ] as const) {
    it(`E-4 ${name}, also if the connection was closed before`, async () => {
      const listeners = new Set<(fault: GraphQLError) => void>();
      const caller: { fault: GraphQLError | null } & Omit<StreamCaller, 'fault'> = {
        context: () => ({ principal: anonymous }),
        fault: null,
        onEnd(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      };
      const prepared = runner.prepare({ query }, caller);
      assert.ok('document' in prepared);
      let isEnded = false;
      void prepared.ended.then(() => (isEnded = true));
      const consumed = runner.run(prepared).then(async (results) => {
        if (!(Symbol.asyncIterator in results)) return;
        for await (const _result of results);
      });
      const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
      await settled();
      caller.fault = new GraphQLError('closed');
      for (const listener of listeners) listener(caller.fault);
      await settled();
      assert.equal(isEnded, false);
      gates.get(last)?.resolve(opened);
      await consumed;
      await settled();
      assert.equal(isEnded, true);
      assert.equal(listeners.size, 0);
    });
  }
});

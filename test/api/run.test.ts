import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError } from 'graphql';
import { type Caller, createRunner } from '../../src/api/run.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { anonymous } from '../../src/principal.ts';

test('whoever unsubscribes is not left waiting for an event that never comes, and neither is anything listening', async () => {
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
  const refusalError = (): never => assert.fail('nothing is refused here');
  const runner = createRunner({ api, validationRules: [], parseOptions: {}, check: () => null, refusalError });
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

test('A-11 nothing runs for a caller whose time is up, although the connection is still closing', async () => {
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
  const caller: { fault: GraphQLError | null } & Omit<Caller, 'fault'> = {
    context: () => ({ principal: anonymous }),
    fault: null,
    onEnd: () => () => {},
  };
  const refusalError = (): never => assert.fail('nothing is refused here');
  const runner = createRunner({ api, validationRules: [], parseOptions: {}, check: () => null, refusalError });
  const prepared = runner.prepare({ query: 'mutation { count }' }, caller);
  assert.ok('document' in prepared);
  caller.fault = over;
  assert.deepEqual(await runner.run(prepared), { errors: [over] });
  assert.deepEqual(runner.prepare({ query: 'mutation { count }' }, caller), [over]);
  assert.equal(runs, 0);
});

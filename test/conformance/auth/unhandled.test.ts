import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { graphql } from 'graphql';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { principalFor } from '../../support/callers.ts';

/** Runs the function, and returns the rejections that were not handled. Each of them would end a Node.js process. */
async function unheard(run: () => Promise<unknown>): Promise<readonly unknown[]> {
  const reasons: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => reasons.push(reason));
  try {
    await run();
    await sleep(20);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of others) process.on('unhandledRejection', listener);
  }
  return reasons;
}

for (const [name, list] of Object.entries({ nullable: '[Note!]', strict: '[Note!]!', nested: '[[Note!]!]' })) {
  it(`B-14 a list (${name}) whose items are denied, some at once and some later, leaves no rejection unhandled`, async () => {
    const notes = [{ owner: 'alice' }, { owner: 'bob' }];
    const { schema } = createGuardedSchema({
      modules: [
        {
          name: 'notes',
          typeDefs: `
            type Note @auth(owner: "owner", policy: ["no"]) { owner: ID }
            type Query { notes: ${list} @public }`,
          resolvers: { Query: { notes: () => (name === 'nested' ? [notes, notes] : notes) } },
        },
      ],
      policies: { no: async (requests) => requests.map(() => false) },
    });
    const contextValue = { principal: principalFor({}) };
    const reasons = await unheard(async () => {
      const { errors } = await graphql({ schema, source: '{ notes { __typename } }', contextValue });
      assert.ok(errors && errors.length > 0);
    });
    assert.deepEqual(reasons, []);
  });
}

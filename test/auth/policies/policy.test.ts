import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

function expectedFault(name: string): string {
  if (name === 'never answers') return 'late';
  return ['throws', 'rejects'].includes(name) ? 'thrown' : 'misshapen';
}

describe('policy', () => {
  const typeDefs = `
    type Query { items: [Item] @auth }
    type Item { id: Int name(as: String): String @auth(policy: "even") other: String @auth(policy: ["even", "yes"]) }
  `;
  const resolvers = {
    Query: {
      items: () => [
        { id: 1, name: 'one' },
        { id: 2, name: 'two' },
      ],
    },
    Item: { name: (item: { name: string }) => item.name, other: () => 'o' },
  };

  it('B-18 is asked once for each parent and arguments, in one batch', async () => {
    const batches: number[] = [];
    const guarded = guardOne(typeDefs, {
      resolvers,
      policies: {
        even: (requests) => {
          batches.push(requests.length);
          return requests.map(({ parent }) => (parent as { id: number }).id % 2 === 0);
        },
        yes: async (requests) => requests.map(() => true),
      },
    });
    const { data } = await ask(guarded, '{ items { name a: name b: name(as: "x") other } }', {}, as());
    assert.deepEqual(data, {
      items: [
        { name: null, a: null, b: null, other: null },
        { name: 'two', a: 'two', b: 'two', other: 'o' },
      ],
    });
    assert.deepEqual(batches, [6]);
  });

  const bad = {
    throws: () => {
      throw new Error('broken');
    },
    rejects: async () => Promise.reject(new Error('broken')),
    'answers too few': () => [],
    'answers too many': (requests: readonly unknown[]) => [...requests, 1].map(() => true),
    'answers no array': () => true,
    'answers truthy': (requests: readonly unknown[]) => requests.map(() => 1),
    'never answers': async () => new Promise(() => {}),
  };
  for (const [name, policy] of Object.entries(bad)) {
    it(`B-8 a policy that ${name} denies`, async () => {
      // The test needs answers of a wrong type.
      const policies = { even: policy as never, yes: policy as never };
      const faults: string[] = [];
      const onPolicyFault = (policy: string, { is }: { is: string }) => faults.push(`${policy} ${is}`);
      const guarded = guardOne(typeDefs, { resolvers, policies, policyTimeoutSeconds: 0.02, onPolicyFault });
      const answer = await ask(guarded, '{ items { id name } }', {}, as());
      assert.deepEqual(answer.data, {
        items: [
          { id: 1, name: null },
          { id: 2, name: null },
        ],
      });
      assert.deepEqual(
        denied(answer).map(({ why }) => why),
        ['policy', 'policy'],
      );
      assert.deepEqual(faults, name === 'answers truthy' ? [] : [`even ${expectedFault(name)}`]);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PolicyRequest } from '../../../src/auth/policies/policy.ts';
import { ask, guardOne, type Options, person } from '../../support/rules.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const typeDefs = `type Query { open: Int @public ${names.map((name) => `${name}: Int @auth(policy: "${name}")`).join(' ')} }`;
const resolvers = { Query: Object.fromEntries(['open', ...names].map((name) => [name, () => 1])) };

/** A policy that answers only when a test tells it to. It counts the pending calls. */
function makeSlow() {
  const open: (() => void)[] = [];
  const seen = { calls: 0, most: 0 };
  const policy = (requests: readonly PolicyRequest[]): Promise<boolean[]> => {
    seen.calls += 1;
    const answer = new Promise<boolean[]>((resolve) => open.push(() => resolve(requests.map(() => true))));
    seen.most = Math.max(seen.most, open.length);
    return answer;
  };
  /** Answers pending calls, and the calls that follow, until none is left. */
  const answerAll = async (): Promise<void> => {
    for (let idle = 0; idle < 20; idle += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      const answering = open.splice(0);
      if (answering.length > 0) idle = 0;
      for (const answer of answering) answer();
    }
  };
  return { policy, seen, open, answerAll };
}

function guard(options: Options) {
  const faults: string[] = [];
  const guarded = guardOne(typeDefs, {
    resolvers,
    ...options,
    policies: { ...Object.fromEntries(names.map((name) => [name, () => [true]])), ...options.policies },
    onPolicyFault: (policy, { is }) => faults.push(`${policy} ${is}`),
  });
  return { faults, ask: async (source: string) => (await ask(guarded, source, person())).data };
}

const idle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('calls of policies that are in progress at once', () => {
  it('E slow policies: at most `policyCalls` of one policy over all operations, and every question is answered', async () => {
    const { policy, seen, answerAll } = makeSlow();
    const guarded = guard({ policies: { a: policy }, policyCalls: 5, policyTimeoutSeconds: 60 });
    const answers = Promise.all(Array.from({ length: 50 }, () => guarded.ask('{ a }')));
    await answerAll();
    assert.deepEqual([...new Set((await answers).map((data) => JSON.stringify(data)))], ['{"a":1}']);
    assert.deepEqual(seen, { calls: 50, most: 5 });
    assert.deepEqual(guarded.faults, []);
  });

  it('E slow policies: at most 100 by default', async () => {
    const { policy, seen, answerAll } = makeSlow();
    const guarded = guard({ policies: { a: policy }, policyTimeoutSeconds: 60 });
    const answers = Promise.all(Array.from({ length: 300 }, () => guarded.ask('{ a }')));
    await answerAll();
    await answers;
    assert.deepEqual(seen, { calls: 300, most: 100 });
  });

  it('E slow policies: at most `operationPolicyCalls` of one operation, over all its policies', async () => {
    const { policy, seen, answerAll } = makeSlow();
    const policies = Object.fromEntries(names.map((name) => [name, policy]));
    const guarded = guard({ policies, operationPolicyCalls: 2, policyTimeoutSeconds: 60 });
    const answer = guarded.ask('{ a b c d e f }');
    await answerAll();
    assert.deepEqual(await answer, Object.fromEntries(names.map((name) => [name, 1])));
    assert.deepEqual(seen, { calls: 6, most: 2 });
  });

  it('E slow policies: one that never settles reaches its limit, then denies, and does not block the others', async () => {
    const { policy, seen, open } = makeSlow();
    const guarded = guard({ policies: { a: policy }, policyCalls: 3, policyTimeoutSeconds: 0.01 });
    for (let round = 0; round < 4; round += 1) {
      const answers = await Promise.all(Array.from({ length: 25 }, () => guarded.ask('{ open a b }')));
      for (const data of answers) assert.deepEqual(data, { open: 1, a: null, b: 1 });
    }
    assert.deepEqual(seen, { calls: 3, most: 3 });
    assert.deepEqual([...new Set(guarded.faults)].sort(), ['a busy', 'a late']);
    // After the first call has settled, the policy is called again.
    for (const answer of open.splice(0)) answer();
    await idle();
    await guarded.ask('{ a }');
    assert.equal(seen.calls, 4);
  });

  it('E slow policies: a request that exceeds the waiting limit is denied at once', async () => {
    const { policy, open, answerAll } = makeSlow();
    const guarded = guard({ policies: { a: policy }, policyCalls: 1, policyTimeoutSeconds: 60 });
    const first = guarded.ask('{ a }');
    await idle();
    assert.equal(open.length, 1);
    const others = Array.from({ length: 1_050 }, () => guarded.ask('{ a }'));
    await idle();
    assert.deepEqual(
      guarded.faults,
      Array.from({ length: 50 }, () => 'a busy'),
    );
    await answerAll();
    await first;
    const allowed = (await Promise.all(others)).filter((data) => JSON.stringify(data) === '{"a":1}');
    assert.equal(allowed.length, 1_000);
  });

  it('E slow policies: one that throws, rejects or is not a function frees its place', async () => {
    const broken = [
      () => {
        throw new Error('at once');
      },
      () => Promise.reject(new Error('later')),
      () => 7,
    ];
    for (const policy of broken) {
      const guarded = guard({ policies: { a: policy as never }, policyCalls: 1, policyTimeoutSeconds: 60 });
      for (let round = 0; round < 5; round += 1) assert.deepEqual(await guarded.ask('{ a }'), { a: null });
      assert.ok(!guarded.faults.includes('a busy'));
    }
  });
});

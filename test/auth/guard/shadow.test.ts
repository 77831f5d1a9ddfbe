import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { DenialEvent } from '../../../src/auth/decide/denial.ts';
import { as, ask } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('SHADOW', () => {
  it('E-6 a policy of a SHADOW rule that never answers does not block other policies', async () => {
    const faults: string[] = [];
    const guarded = guardOne(
      `type N { kid: N @auth(policy: "trial", mode: SHADOW) v: Int @auth(policy: "good") w: Int @auth(policy: "trial") }
       type Query { n: N @public }`,
      {
        resolvers: {
          Query: { n: () => ({ v: 1, w: 1 }) },
          N: { kid: async () => setImmediate({ v: 1, w: 1 }) },
        },
        policies: {
          // The policy answers the calls of the enforced rule. Its calls for the SHADOW rule never settle.
          trial: async (requests) =>
            requests.every(({ coordinate }) => coordinate === 'N.w') ? requests.map(() => true) : new Promise(() => {}),
          good: (requests) => requests.map(() => true),
        },
        policyCalls: 2,
        operationPolicyCalls: 2,
        policyTimeoutSeconds: 3,
        onPolicyFault: (policy, { is }) => faults.push(`${policy} ${is}`),
      },
    );
    const asked = ask(guarded, `{ n { ${'kid { '.repeat(5)} v w ${'}'.repeat(5)} } }`, {}, as());
    const answer = await Promise.race([asked, setTimeout(20_000, null, { ref: false })]);
    assert.deepEqual(answer?.errors, []);
    assert.match(JSON.stringify(answer?.data), /\{"v":1,"w":1\}/);
    assert.deepEqual(faults, []);
  });

  it('denies nothing, and reports each coordinate and rule once', async () => {
    const events: DenialEvent[] = [];
    const guarded = guardOne(
      'type Query { list: [T] @public } type T { x: Int @auth(scope: "s", mode: SHADOW) y: Int @auth(scope: "y") }',
      {
        resolvers: { Query: { list: () => [{ x: 1 }, { x: 2 }] } },
        onDenial: (event) => events.push(event),
      },
    );
    const { data } = await ask(guarded, '{ list { x again: x y } }', {}, as());
    assert.deepEqual(data, {
      list: [
        { x: 1, again: 1, y: null },
        { x: 2, again: 2, y: null },
      ],
    });
    assert.deepEqual(
      events.map(({ mode, coordinate, rule, code }) => [mode, coordinate, rule, code]),
      [
        ['shadow', 'T.x', 'T.x', 'FORBIDDEN'],
        ['enforce', 'T.y', 'T.y', 'FORBIDDEN'],
      ],
    );
  });
});

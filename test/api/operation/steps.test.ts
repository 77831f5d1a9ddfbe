import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { operationSteps, operationTable } from '../../../src/api/operation/steps.ts';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { ClaimgateError } from '../../../src/errors.ts';
import { anonymous } from '../../../src/principal.ts';
import { policy } from '../fixture.ts';

const guarded = createGuardedSchema({
  modules: [
    {
      name: 'one',
      typeDefs: 'type Query { closed: Int @auth } type Subscription { ticks: Int @public }',
      resolvers: { Subscription: { ticks: { subscribe: async function* () {} } } },
    },
  ],
});

describe('the steps of an operation', () => {
  it('stand in one order for every transport', () => {
    const steps = operationTable.map(({ step }) => step);
    const order = ['parse', 'limits', 'validate', 'check', 'plan', 'execute'];
    assert.deepEqual(
      steps,
      steps.toSorted((one, other) => order.indexOf(one) - order.indexOf(other)),
    );
    assert.deepEqual([...new Set(steps)], order);
    assert.deepEqual(steps.slice(-2), ['plan', 'execute']);
  });

  it('differ between a single answer and a stream in the stated rows only', () => {
    assert.deepEqual(
      operationTable.flatMap(({ only, name }) => (only ? [`${only}: ${name}`] : [])),
      [
        'single: one token mutation to an operation',
        'stream: no token mutation, since a guess would cost no request',
        'single: no subscription, which has no single answer',
      ],
    );
    const [single, stream] = [operationSteps('single', policy, guarded), operationSteps('stream', policy, guarded)];
    assert.deepEqual(single.parseOptions, stream.parseOptions);
    assert.equal(single.schema, guarded.schema);
    assert.equal(stream.schema, guarded.schema);
    assert.equal(single.validationRules.length, stream.validationRules.length);
    assert.deepEqual(
      single.checks.map(({ name }) => name),
      ['no subscription, which has no single answer', ...stream.checks.map(({ name }) => name)],
    );
  });

  it('refuse with the first check that fails', () => {
    const codeOf = (form: 'single' | 'stream', source: string) => {
      try {
        for (const { check } of operationSteps(form, policy, guarded).checks) {
          check({ document: parse(source), principal: anonymous });
        }
        return null;
      } catch (error) {
        return error instanceof ClaimgateError && error.code;
      }
    };
    assert.equal(codeOf('single', 'subscription { ticks }'), 'BAD_REQUEST');
    assert.equal(codeOf('stream', 'subscription { ticks }'), null);
    assert.equal(codeOf('single', '{ closed }'), 'UNAUTHENTICATED');
    assert.equal(codeOf('stream', '{ closed }'), 'UNAUTHENTICATED');
  });
});

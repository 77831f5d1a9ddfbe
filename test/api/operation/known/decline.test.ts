import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { bothPaths } from '../../../support/known.ts';
import { callers, clock, oddSchema } from './odd-world.ts';

const { anonymous, bound, profile } = callers;

describe('a request that Apollo Server must answer', () => {
  const document = 'query A { hello } query B { hello } mutation C { change } subscription D { nothing }';
  const cases: Readonly<
    Record<string, { query: string; operationName?: string; variables?: Record<string, unknown> }>
  > = {
    operation: { query: document },
    subscription: { query: document, operationName: 'D' },
    variables: { query: 'query ($n: Int) { me { name } hello people(count: $n) { name } }', variables: { n: 'many' } },
    executor: { query: '{ me { name } toJSON: hello }' },
  };

  for (const [reason, request] of Object.entries(cases)) {
    it(`is declined with the reason "${reason}" before a resolver runs or anything is reported`, async () => {
      const reports: unknown[] = [];
      const both = await bothPaths({ guarded: oddSchema(reports), reports });
      assert.equal(await both.byKnown({ ...request, context: () => ({ principal: profile }) }), 'unknown');
      both.known.remember(request.query, parse(request.query));
      assert.equal(await both.byKnown({ ...request, context: () => ({ principal: profile }) }), reason);
      assert.deepEqual(reports, []);
    });
  }

  it('has an empty name or the name of no operation', async () => {
    const both = await bothPaths({ guarded: oddSchema([]) });
    both.known.remember(document, parse(document));
    for (const operationName of ['', 'E', '__proto__', 'constructor']) {
      assert.equal(await both.byKnown({ query: document, operationName, context: () => ({}) }), 'operation');
    }
  });

  it('has a text that differs in one character', async () => {
    const both = await bothPaths({ guarded: oddSchema([]) });
    both.known.remember('{ hello }', parse('{ hello }'));
    assert.notEqual(await both.byKnown({ query: '{ hello }', context: () => ({}) }), 'unknown');
    for (const query of ['{ hello}', '{ hello } ', '\uFEFF{ hello }', '{ Hello }']) {
      assert.equal(await both.byKnown({ query, context: () => ({}) }), 'unknown');
    }
  });
});

describe('a document becomes known', () => {
  it('only when Apollo Server begins to execute a query or mutation of it', async () => {
    const reports: unknown[] = [];
    const both = await bothPaths({ guarded: oddSchema(reports), reports });
    const refused = [
      '{ hello', // A fault of the syntax.
      '{ nothing }', // A fault of validation.
      '{ salary }', // A refusal of the caller.
      'query ($n: Int = 900000) { list(first: $n) { name } }', // A refusal of the cost.
      'subscription { nothing }', // It has no single answer.
      'query A { hello } query B { hello }', // No operation is found.
    ];
    for (const query of refused) {
      await both.byApollo({ query, context: () => ({ principal: anonymous }) });
      assert.equal(both.known.entries, 0, query);
    }
    for (const [index, query] of ['{ hello }', 'mutation { change }'].entries()) {
      await both.byApollo({ query, context: () => ({ principal: anonymous }) });
      assert.equal(both.known.entries, index + 1);
    }
  });
});

describe('a known query', () => {
  it('is decided again for each request: a rule with maxAge, another caller, other variables', async () => {
    const both = await bothPaths({ guarded: oddSchema([]) });
    const statusOf = async (query: string, principal: unknown, variables: Record<string, unknown> = {}) => {
      const answer = await both.byKnown({ query, variables, context: () => ({ principal }) });
      return typeof answer === 'string' ? answer : answer.status;
    };
    const list = 'query ($n: Int) { list(first: $n) { name } }';
    for (const query of ['{ fresh }', '{ me { name } }', list]) both.known.remember(query, parse(query));
    const start = clock.now;
    try {
      assert.equal(await statusOf('{ fresh }', bound), 200);
      clock.now = start + 31_000; // The person signed in 61 s ago, and 60 s are allowed.
      assert.equal(await statusOf('{ fresh }', bound), 401);
      clock.now = start;
      assert.equal(await statusOf('{ fresh }', bound), 200);
    } finally {
      clock.now = start;
    }
    for (let again = 0; again < 2; again += 1) {
      assert.equal(await statusOf('{ me { name } }', profile), 200);
      assert.equal(await statusOf('{ me { name } }', callers['poor']), 403);
      assert.equal(await statusOf('{ me { name } }', anonymous), 401);
      assert.equal(await statusOf(list, anonymous, { n: 2 }), 200);
      assert.equal(await statusOf(list, anonymous, { n: 900_000 }), 400);
    }
  });
});

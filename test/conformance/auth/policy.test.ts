import assert from 'node:assert/strict';
import { it } from 'node:test';
import { graphql, parse } from 'graphql';
import { principalFor } from '../../support/callers.ts';
import { makeWorld } from './world.ts';

const principal = principalFor({});

it('B-18 a policy is called once for all combinations of coordinate, parent and arguments', async () => {
  const { guarded, asked } = makeWorld();
  const source = `{
    a: even(n: 2) b: even(n: 2) c: even(n: 4) ...F
    numbered { x: check(n: 2) y: check(n: 2) }
  } fragment F on Query { d: even(n: 4) }`;
  const { errors } = await graphql({ schema: guarded.schema, source, contextValue: { principal } });
  assert.equal(errors, undefined);
  assert.deepEqual(asked, [{ policy: 'even', size: 4 }]);
});

it('B-18 the answers for one operation are not reused for the next', async () => {
  const { guarded, asked } = makeWorld();
  for (const _ of [1, 2]) {
    await graphql({ schema: guarded.schema, source: '{ even(n: 2) }', contextValue: { principal } });
  }
  assert.deepEqual(asked, [
    { policy: 'even', size: 1 },
    { policy: 'even', size: 1 },
  ]);
});

it('B-8 a policy is not called if the caller alone is denied', async () => {
  const { guarded, asked } = makeWorld();
  await graphql({ schema: guarded.schema, source: '{ even(n: 2) throws }' });
  assert.deepEqual(asked, []);
});

it('B-14 a partly denied query is refused completely if the operator configures it', () => {
  const { guarded } = makeWorld({ denial: 'reject' });
  const decide = (source: string) => guarded.decideOperation({ document: parse(source), principal });
  const verdict = decide('{ hello order { id secret } }');
  assert.ok(verdict.kind === 'refuse');
  assert.deepEqual(
    verdict.denials.map(({ coordinate }) => coordinate),
    ['Order.secret'],
  );
  assert.equal(decide('{ hello order { id secret @skip(if: true) } }').kind, 'run');
});

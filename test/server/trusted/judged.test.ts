import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publicQueries } from '../../../src/server/trusted/judged.ts';
import { guardOne } from '../../support/rules.ts';

/** An operation that supplies an input type, in whose types in one another the type at `depth` has a rule. */
async function isPublic(depth: number): Promise<boolean> {
  const inputs = Array.from({ length: 300 }, (_, at) => {
    const rule = at === depth - 1 ? ' @auth(scope: "a")' : '';
    return `input I${at} { a: Int${rule} next: I${at + 1} }`;
  });
  const guarded = guardOne(`type Query { find(in: I0): Int @public } ${inputs.join(' ')} input I300 { a: Int }`);
  const text = 'query ($in: I0) { find(in: $in) }';
  return (await publicQueries([text], guarded)).has(text);
}

describe('a trusted query is public', () => {
  it('not if a variable can supply an input with a rule, at every depth that can be configured', async () => {
    for (const depth of [1, 59, 60, 61, 150, 200]) assert.equal(await isPublic(depth), false, String(depth));
  });

  it('if only an input that is nested deeper has a rule, because every server refuses it', async () => {
    assert.equal(await isPublic(201), true);
    assert.equal(await isPublic(0), true);
  });
});

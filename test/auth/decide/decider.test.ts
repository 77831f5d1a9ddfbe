import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createDecider, type Decision } from '../../../src/auth/decide/decide.ts';
import { principalFor } from '../../support/callers.ts';
import { guardOne } from '../../support/rules.ts';

it('never mixes the decisions of two principals, even if the clock decides for another principal in between', () => {
  const { rules } = guardOne(
    'type Query { a: Int @auth(scope: "a")  b: Int @auth(scope: "b")  fresh: Int @auth(maxAge: 60, scope: "a") }',
  );
  const of = (field: string): number => rules.findIndex(({ coordinate }) => coordinate === `Query.${field}`);
  const [a, b, fresh] = [of('a'), of('b'), of('fresh')];
  const claims = { auth_time: 1_800_000_000 };
  const [ofA, ofB] = [principalFor({ scopes: ['a'], claims }), principalFor({ scopes: ['b'], claims })];
  let between: (() => unknown) | null = null;
  const decide = createDecider(rules, () => {
    const once = between;
    between = null;
    once?.();
    return 1_800_000_000_000;
  });

  for (let round = 0; round < 3; round += 1) {
    let nested: readonly Decision[] = [];
    between = () => {
      nested = [decide([a], ofB), decide([b], ofB), decide([fresh], ofB)];
    };
    // The first rule reads the clock. The second rule is decided after the nested decisions.
    assert.deepEqual([decide([fresh, b], ofA), decide([fresh, a], ofA)], ['deny', 'allow']);
    assert.deepEqual(nested, ['deny', 'allow', 'deny']);
    assert.deepEqual([decide([a], ofA), decide([b], ofA), decide([a, b], ofB)], ['allow', 'deny', 'deny']);
  }
});

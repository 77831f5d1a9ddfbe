import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DenialEvent } from '../../src/auth/denial.ts';
import { ask, guardOne, person } from '../support/rules.ts';

describe('SHADOW', () => {
  test('denies nothing, and tells each coordinate and rule once', async () => {
    const events: DenialEvent[] = [];
    const guarded = guardOne(
      'type Query { list: [T] @public } type T { x: Int @auth(scope: "s", mode: SHADOW) y: Int @auth(scope: "y") }',
      {
        resolvers: { Query: { list: () => [{ x: 1 }, { x: 2 }] } },
        onDenial: (event) => events.push(event),
      },
    );
    const { data } = await ask(guarded, '{ list { x again: x y } }', person());
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

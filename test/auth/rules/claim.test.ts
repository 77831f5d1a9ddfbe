import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('claims', () => {
  const cases: readonly [rule: string, claims: Record<string, unknown>, allowed: boolean][] = [
    ['{claim: "role", oneOf: ["a", "b"]}', { role: 'b' }, true],
    ['{claim: "role", oneOf: "a"}', { role: 'A' }, false],
    ['{claim: "role", oneOf: "a"}', { role: ['a'] }, false],
    ['{claim: "level", oneOf: ["3", "true"]}', { level: 3 }, true],
    ['{claim: "level", oneOf: ["3", "true"]}', { level: true }, true],
    ['{claim: "level", oneOf: "1.5"}', { level: 1.5 }, false],
    ['{claim: "level", oneOf: "9007199254740992"}', { level: 2 ** 53 }, false],
    [
      '{claim: ["https://example.com/app", "tenant"], oneOf: "t"}',
      { 'https://example.com/app': { tenant: 't' } },
      true,
    ],
    ['{claim: ["a", "0"], oneOf: "t"}', { a: ['t'] }, false],
    ['{claim: "roles", contains: "a"}', { roles: ['b', 'a'] }, true],
    ['{claim: "roles", contains: "a"}', { roles: 'b a' }, false],
    ['{claim: "constructor", exists: true}', {}, false],
    ['{claim: ["a", "__proto__"], exists: true}', { a: {} }, false],
    ['{claim: "a", exists: true}', { a: null }, false],
    ['{claim: "a", exists: true}', { a: 0 }, true],
  ];
  for (const [rule, claims, allowed] of cases) {
    it(`${rule} with ${JSON.stringify(claims)} ${allowed ? 'allows' : 'denies'}`, async () => {
      const guarded = guardOne(`type Query { x: Int @auth(claims: [${rule}]) }`);
      const answer = await ask(guarded.schema, '{ x }', {}, as({ claims }));
      assert.deepEqual(answer.data, { x: null });
      assert.deepEqual(
        denied(answer).map(({ path, why }) => [path, why]),
        allowed ? [] : [['x', 'claims']],
      );
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { as, ask, denied } from '../../../src/testing.ts';
import { guardOne } from '../../support/rules.ts';

describe('inputs', () => {
  const runs: unknown[] = [];
  const guarded = guardOne(
    `type Query { find(plain: Int, secret: Int @auth(scope: "s"), filter: Filter, filters: [[Filter!]], kind: Kind, at: When): Int @public }
     type Mutation { ok: Int @public find(secret: Int @auth(scope: "s"), filter: Filter): Int @public }
     input Filter { plain: Int secret: Int @auth(scope: "s") inner: Filter kinds: [Kind!] deep: Deep }
     input Deep @auth(scope: "d") { x: Int }
     enum Kind { OPEN SHUT @auth(scope: "k") }
     scalar When @auth(scope: "w")`,
    {
      resolvers: {
        Query: { find: (_: unknown, args: unknown) => runs.push(args) },
        Mutation: { find: (_: unknown, args: unknown) => runs.push(args), ok: () => runs.push('ok') },
        Kind: { OPEN: 'SHUT', SHUT: 0 },
      },
    },
  );
  const cases: readonly [document: string, variables: Record<string, unknown>, scopes: string, allowed: boolean][] = [
    ['query ($f: [Filter!]) { find(filters: [$f]) }', { f: { secret: 1 } }, '', false],
    ['{ find(filters: [[{plain: 1}, {secret: 1}]]) }', {}, '', false],
    ['{ find(kind: OPEN) }', {}, '', true],
    ['{ find(kind: SHUT) }', {}, '', false],
    ['query ($k: Kind) { find(kind: $k) }', { k: 'OPEN' }, '', true],
    ['query ($k: Kind) { find(kind: $k) }', { k: 'SHUT' }, '', false],
    ['{ find(filter: {kinds: [OPEN, SHUT]}) }', {}, '', false],
    ['mutation ($f: Filter) { ok find(filter: $f) }', { f: { kinds: ['SHUT'] } }, 's', false],
  ];
  for (const [document, variables, scopes, allowed] of cases) {
    const title = `${document} ${JSON.stringify(variables)} with "${scopes}"`;
    it(`B-9 ${title}: ${allowed ? 'free' : 'denied, and nothing runs'}`, async () => {
      runs.length = 0;
      const answer = await ask(guarded.schema, document, variables, as({ scopes }));
      const denials = denied(answer);
      assert.equal(denials.length === 0, allowed, JSON.stringify(answer.errors));
      assert.equal(denials.length, answer.errors.length);
      assert.equal(runs.length > 0, allowed);
      assert.ok(denials.every(({ code }) => code === 'FORBIDDEN'));
    });
  }
});

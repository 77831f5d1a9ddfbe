import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import { anonymous, type Principal } from '../../../src/principal.ts';
import { guard, holder, shop } from '../../support/modules.ts';
import { ranMs } from '../../support/processor.ts';

interface Asked {
  readonly as?: Principal;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

function decide(guarded: GuardedSchema, source: string, { as = anonymous, ...request }: Asked = {}) {
  return guarded.decideOperation({ document: parse(source), principal: as, ...request });
}

describe('a query', () => {
  const cases: readonly [kind: 'run' | 'refuse', source: string, asked?: Asked][] = [
    ['run', '{ hello }'],
    ['run', '{ hello me { id } }'],
    ['refuse', '{ me { id } }'],
    ['refuse', '{ me { id } orders { id } }'],
    ['refuse', '{ a: me { id } b: me { name } }'],
    ['refuse', '{ __typename me { id } }'],
    ['run', '{ __typename }'],
    ['run', '{ __schema { queryType { name } } me { id } }'],
    ['refuse', '{ ...F } fragment F on Query { me { id } }'],
    ['refuse', 'fragment F on Query { ... { me { id } } } { ... on Query { ...F } }'],
    ['refuse', '{ me { id } hello @skip(if: true) }'],
    ['refuse', 'query ($v: Boolean!) { me { id } hello @include(if: $v) }', { variables: { v: false } }],
    ['run', 'query ($v: Boolean!) { me { id } hello @include(if: $v) }', { variables: { v: true } }],
    ['refuse', 'query ($v: Boolean = true) { me { id } ... @skip(if: $v) { hello } }'],
    ['run', 'query ($v: Boolean = true) { me { id } ... @skip(if: $v) { hello } }', { variables: { v: false } }],
    ['run', 'query A { hello } query B { me { id } }', { operationName: 'A' }],
    ['refuse', 'query A { hello } query B { me { id } }', { operationName: 'B' }],
    ['run', 'query A { hello } query B { me { id } }'],
    ['run', '{ order { total } }'],
    ['run', '{ node(id: "a1") { id } }'],
    ['refuse', '{ me { id } }', { as: holder('accountS') }],
    ['run', '{ me { id } }', { as: holder('accounts') }],
  ];
  for (const [kind, source, asked] of cases) {
    const suffix = asked ? ` ${JSON.stringify({ ...asked, ...(asked.as && { as: 'someone' }) })}` : '';
    it(`${kind}: ${source}${suffix}`, () => assert.equal(decide(shop(), source, asked).kind, kind));
  }

  it('a refusal lists each denied element once, with the scopes that are enough', () => {
    const verdict = decide(shop(), '{ me { id } x: me { id } orders { id } }', { as: holder() });
    assert.deepEqual(verdict, {
      kind: 'refuse',
      code: 'FORBIDDEN',
      denials: [
        { coordinate: 'Query.me', requiredScopes: ['accounts'] },
        { coordinate: 'Query.orders', requiredScopes: ['orders:read', 'admin'] },
      ],
      challengeScope: 'orders:read accounts',
    });
  });

  it('the challenge asks for the alternative with the fewest missing scopes', () => {
    const guarded = guard('type Query { x: Int @auth(scope: ["a b c", "d e", "f"]) y: Int @auth(scope: ["b", "g"]) }');
    const challenge = (...scopes: string[]) => {
      const verdict = decide(guarded, '{ x y }', { as: holder(...scopes) });
      return verdict.kind === 'refuse' && verdict.challengeScope;
    };
    assert.equal(challenge(), 'f b');
    assert.equal(challenge('a', 'c'), 'a b c');
    assert.equal(challenge('d'), 'd e b');
  });
});

describe('a mutation or subscription', () => {
  const cases: readonly [kind: 'run' | 'refuse', source: string][] = [
    ['run', 'mutation { touch { id } }'],
    ['refuse', 'mutation { touch { total } }'],
    ['refuse', 'mutation { touch { id } wipe }'],
    ['run', 'mutation { touch { id total @include(if: false) } }'],
    ['run', 'mutation { make { things { __typename } } }'],
    ['refuse', 'mutation { make { things { ... on Account { __typename } } } }'],
    ['run', 'mutation { make { things { ... on Note { text } } } }'],
    ['refuse', 'subscription { ticks { total } }'],
    ['run', 'subscription { ticks { id } }'],
  ];
  for (const [kind, source] of cases) {
    it(`B-13 ${kind}: ${source}`, () => assert.equal(decide(shop(), source, { as: holder() }).kind, kind));
  }
});

describe('B-16 the plan is linear in its document', () => {
  const budget = 2000;
  const self = guard(`
    interface I { i: I  t: T }
    type T implements I { i: I  t: T  secret: Int @auth }
    type Query { t: T @public }
    type Mutation { t: T @public }
  `);
  const spread = (from: number, selections: (next: number) => string) =>
    Array.from({ length: from }, (_, at) => `fragment F${at} on T { ${selections(at + 1)} }`).join(' ');
  const big = {
    'exponential fan-out of fragments': `mutation { t { ...F0 } } ${spread(300, (at) => `a: t { ...F${at} } b: t { ...F${at} } c: i { ...F${at} }`)} fragment F300 on T { secret }`,
    '10,000 fragments in a row': `mutation { t { ...F0 } } ${spread(10_000, (at) => `...F${at}`)} fragment F10000 on T { secret }`,
    '10,000 spreads of one fragment': `mutation { t { ${'...F '.repeat(10_000)} } } fragment F on T { t { secret } }`,
    '1,000 aliases': `mutation { ${Array.from({ length: 1000 }, (_, at) => `a${at}: t { secret }`).join(' ')} }`,
    'a fragment that spreads itself': 'mutation { t { ...F } } fragment F on T { t { ...F } secret }',
  };
  for (const [name, source] of Object.entries(big)) {
    it(name, () => {
      const document = parse(source);
      const start = ranMs(process.pid);
      const verdict = self.decideOperation({ document, principal: anonymous });
      const tookMs = ranMs(process.pid) - start;
      assert.ok(tookMs < budget, `${tookMs} ms`);
      assert.equal(verdict.kind === 'refuse' && verdict.denials.length, 1);
    });
  }
});

describe('the smallest sets of scopes of an operation', () => {
  const guarded = guard(`
    type Query { a: T @auth(scope: ["r", "admin"]) b: Int @auth(scope: "s") c: Int @public d: Int @auth(scope: ["s", "t"]) }
    type T { x(arg: Int @auth(scope: "arg")): Int @auth(scope: ["x", "admin"]) }
  `);
  const cases: readonly [source: string, variables: Record<string, unknown>, needed: readonly string[]][] = [
    ['{ c }', {}, []],
    ['{ b c }', {}, ['s']],
    ['{ a { x } }', {}, ['r x', 'admin']],
    ['{ b d }', {}, ['s']],
    ['query ($v: Boolean!) { b @skip(if: $v) d }', { v: true }, ['s', 't']],
    ['query ($n: Int) { a { x(arg: $n) } }', {}, ['r x', 'admin']],
    ['query ($n: Int) { a { x(arg: $n) } }', { n: 1 }, ['r x arg', 'admin arg']],
    ['{ ...F } fragment F on Query { a { ...G } } fragment G on T { x }', {}, ['r x', 'admin']],
  ];
  for (const [source, variables, needed] of cases) {
    it(`${source} ${JSON.stringify(variables)}: ${needed.join(' or ') || 'none'}`, () => {
      assert.deepEqual(guarded.neededScopes({ document: parse(source), variables }), needed);
    });
  }
});

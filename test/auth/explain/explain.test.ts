import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { anonymous, type Principal } from '../../../src/principal.ts';
import { principalFor } from '../../support/callers.ts';

const now = 1_800_000_000;

function schemaOf(typeDefs: string, options: { readonly denial?: 'partial' | 'reject' } = {}) {
  const fail = () => {
    throw new Error('nothing runs');
  };
  const guarded = createGuardedSchema({
    modules: [{ name: 'one', typeDefs }],
    clock: () => now * 1_000,
    policies: { open: fail },
    onDenial: fail,
    typeOf: fail,
    ...options,
  });
  return (source: string, principal: Principal, variables: Readonly<Record<string, unknown>> = {}) =>
    guarded.explainOperation({ document: parse(source), variables, principal });
}

const withClaims = (claims: Readonly<Record<string, unknown>>) => principalFor({ scopes: [], claims });

describe('explainOperation of a guarded schema', () => {
  it('names what is missing: a token, claims, an account, a new authentication', () => {
    const explain = schemaOf(`type Query {
      claims: Int @auth(claims: [{ claim: ["org", "role"], oneOf: ["editor"] }])
      owner(id: ID): Int @auth(owner: "$id")
      fresh: Int @auth(maxAge: 60, acr: ["gold"])
      either: Int @auth(anyOf: [{ scope: "a b" }, { scope: "c" }, { claims: [{ claim: "x", exists: true }] }])
    }`);
    const missing = (field: string, principal: Principal) => explain(`{ ${field} }`, principal).missing;
    const nothing = { token: false, scopes: [], claims: [], account: false, maxAge: null, acr: null };
    assert.deepEqual(missing('claims', withClaims({})), { ...nothing, claims: ['org.role'] });
    assert.deepEqual(missing('claims', anonymous), { ...nothing, token: true, claims: ['org.role'] });
    assert.deepEqual(missing('owner', principalFor({ kind: 'application' })), { ...nothing, account: true });
    assert.equal(missing('owner', principalFor({})), null);
    const old = withClaims({ auth_time: now - 61, acr: 'gold' });
    assert.deepEqual(missing('fresh', old), { ...nothing, maxAge: 60 });
    assert.deepEqual(missing('fresh', withClaims({ auth_time: now })), { ...nothing, acr: ['gold'] });
    assert.deepEqual(missing('either', principalFor({ scopes: ['a'] })), { ...nothing, scopes: [['b'], ['c']] });
    assert.equal(missing('either', withClaims({ x: 1 })), null);
  });

  it('decides like the transport, with the option denial', () => {
    const typeDefs = 'type Query { open: Int @public  closed: Int @auth(scope: "a") }';
    const source = '{ open closed }';
    assert.equal(schemaOf(typeDefs)(source, anonymous).outcome, 'RUNS_IN_PART');
    const rejected = schemaOf(typeDefs, { denial: 'reject' })(source, anonymous);
    assert.deepEqual([rejected.outcome, rejected.code], ['REFUSED', 'UNAUTHENTICATED']);
  });

  it('asks no policy, reads no owner and no type', () => {
    const explain = schemaOf(`
      type Query { thing(id: ID): Thing @auth(policy: "open") }
      interface Thing { id: ID }
      type One implements Thing @auth(owner: "id") { id: ID }`);
    const { outcome, elements } = explain('{ thing(id: 1) { id } }', principalFor({}));
    assert.deepEqual([outcome, elements.map(({ decision }) => decision)], ['DEPENDS', ['DEPENDS', 'DEPENDS']]);
  });

  it('leaves out what @skip and @include leave out', () => {
    const explain = schemaOf('type Query { open: Int @public  closed: Int @auth }');
    const source = 'query ($b: Boolean!) { open closed @include(if: $b) ... @skip(if: $b) { other: closed } }';
    const paths = (b: boolean) => explain(source, anonymous, { b }).elements.map(({ path }) => path.join());
    assert.deepEqual([paths(true), paths(false)], [['closed'], ['other']]);
  });

  it('marks elements and least scopes that it leaves out', () => {
    const many = Array.from({ length: 1_200 }, (_, at) => `f${at}`);
    const fields = many.map((name, at) => `${name}: Int @auth(scope: ["a${at % 40}", "b${at % 40}"])`).join(' ');
    const explain = schemaOf(`type Query { ${fields} }`);
    const all = explain(`{ ${many.join(' ')} }`, anonymous);
    assert.deepEqual([all.elements.length, all.elementsCapped], [1_000, true]);
    assert.deepEqual([all.leastScopes.length, all.leastScopesCapped], [32, true]);
    for (const scopes of all.leastScopes.slice(0, 3)) {
      assert.equal(explain(`{ ${many.join(' ')} }`, principalFor({ scopes })).outcome, 'RUNS');
    }
    const some = explain('{ f0 f1 }', anonymous);
    assert.deepEqual([some.leastScopes.length, some.leastScopesCapped, some.elementsCapped], [4, false, false]);
  });

  it('refuses with the code of the operation: too deep, too many values, of a wrong type', () => {
    const explain = schemaOf(`
      input I { i: I  secret: Int @auth }
      type Query { take(i: I): Int @public  again: Query @public  open: Int @public }
      type Mutation { take(i: I): Int @public }`);
    const deep = (levels: number): object => (levels === 0 ? {} : { i: deep(levels - 1) });
    const codes = [
      explain('query ($i: I) { take(i: $i) }', anonymous, { i: deep(100) }),
      explain(`{ ${'again { '.repeat(250)} open ${'}'.repeat(251)}`, anonymous),
      explain('query ($i: I) { take(i: $i) }', anonymous, { i: 5 }),
      explain('mutation ($i: I) { take(i: $i) }', anonymous, { i: 5 }),
      explain('query A { open } query B { open }', anonymous),
    ].map(({ outcome, code, faults }) => [outcome, code, faults.length]);
    assert.deepEqual(codes, [
      ['REFUSED', 'LIMIT_EXCEEDED', 1],
      ['REFUSED', 'LIMIT_EXCEEDED', 1],
      ['REFUSED', 'BAD_USER_INPUT', 1],
      ['REFUSED', 'BAD_USER_INPUT', 1],
      ['REFUSED', 'OPERATION_RESOLUTION_FAILURE', 1],
    ]);
  });

  it('visits fragments within fragments once', () => {
    const explain = schemaOf('type Query { again: Query @public  closed: Int @auth }');
    const fragments = Array.from(
      { length: 60 },
      (_, at) => `fragment f${at} on Query { a: again { ...f${at + 1} } b: again { ...f${at + 1} } }`,
    );
    const { elements, outcome } = explain(
      `{ ...f0 } ${fragments.join(' ')} fragment f60 on Query { closed }`,
      anonymous,
    );
    assert.deepEqual([outcome, elements.length, elements[0]?.path.length], ['RUNS_IN_PART', 1, 61]);
  });
});

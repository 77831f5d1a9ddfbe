import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { ask, guardOne, person } from '../../support/rules.ts';

const typeDefs = `
  interface Node { id: ID  f(a: Int): Int  plain: Int }
  type A implements Node { id: ID @auth(scope: "a")  f(a: Int @auth(scope: "fa")): Int  plain: Int }
  type B implements Node { id: ID @auth(scope: "b c")  f(a: Int @auth(scope: "fb")): Int  plain: Int }
  interface Lone { id: ID }
  type Only implements Lone @auth(scope: "only") { id: ID }
  union Pair = Left | Right
  type Left @auth(scope: "left") { x: Int }
  type Right @auth(scope: "right") { y: Int }
  interface Holder { pair: Pair  any: Any }
  type HoldsLeft implements Holder { pair: Left  any: Left }
  type HoldsRight implements Holder { pair: Right @auth(scope: "other")  any: Free @auth(scope: "other") }
  union Any = Left | Free
  type Free implements Counted { x: Int  n: Int }
  interface Counted { n: Int }
  type Crate implements Counted { n: Int @auth(scope: "crate") }
  type Barrel implements Counted { n: Int @auth(scope: "barrel") }
  interface Stock { kind: Counted }
  type Crates implements Stock { kind: Crate }
  type Barrels implements Stock { kind: Barrel }
  type Query { node: Node @public }
  type Mutation { ok: Int @public  node: Node @public  lone: Lone @public  pair: Pair @public  holder: Holder @public  stock: Stock @public }
  type Subscription { node: Node @public }`;

describe('E-7 a mutation whose every possible concrete type denies runs nothing', () => {
  const runs: string[] = [];
  const noted =
    (value: unknown) => (_source: unknown, _args: unknown, _context: unknown, info: { fieldName: string }) => {
      runs.push(info.fieldName);
      return value;
    };
  const guarded = guardOne(typeDefs, {
    resolvers: {
      Mutation: {
        ok: noted(1),
        node: noted({ __typename: 'A', id: 1, f: 1, plain: 1 }),
        lone: noted({ __typename: 'Only', id: 1 }),
        pair: noted({ __typename: 'Left', x: 1 }),
        holder: noted({ __typename: 'HoldsLeft', pair: { x: 1 }, any: { x: 1 } }),
        stock: noted({ __typename: 'Crates', kind: { n: 1 } }),
      },
      Subscription: { node: { subscribe: async function* () {} } },
    },
  });

  const refused: Readonly<
    Record<string, readonly [source: string, scopes: string, coordinate: string, required: readonly string[]]>
  > = {
    'by different rules': ['mutation { ok node { id } }', '', 'Node.id', ['a', 'b c']],
    'by different rules, in a fragment': [
      'mutation { ok node { ...F } } fragment F on Node { id }',
      'c',
      'Node.id',
      ['a', 'b c'],
    ],
    'by guarded arguments': ['mutation { ok node { f(a: 1) } }', '', 'Node.f', ['fa', 'fb']],
    'by guarded arguments of a variable': [
      'mutation ($a: Int = 1) { ok node { f(a: $a) } }',
      '',
      'Node.f',
      ['fa', 'fb'],
    ],
    'by the only implementer': ['mutation { ok lone { id } }', '', 'Lone.id', ['only']],
    'by the only implementer, whose name alone is asked': [
      'mutation { ok lone { __typename } }',
      '',
      'Lone.__typename',
      ['only'],
    ],
    'by the members of a union, if all selections below are skipped': [
      'mutation ($c: Boolean! = false) { ok pair { __typename @include(if: $c) } }',
      '',
      'Mutation.pair',
      ['left', 'right'],
    ],
    'by the only implementer, if all selections below are skipped': [
      'mutation ($c: Boolean = true) { ok lone { ... on Lone @skip(if: $c) { id } } }',
      '',
      'Mutation.lone',
      ['only'],
    ],
    'by one type itself and by the value of the other, if all selections below are skipped': [
      'mutation { ok holder { any { __typename @skip(if: true) } } }',
      '',
      'Holder.any',
      ['left', 'other'],
    ],
    'by the types to which each type narrows an interface': [
      'mutation { ok stock { kind { n } } }',
      '',
      'Counted.n',
      ['crate', 'barrel'],
    ],
    'by the members of a union': ['mutation { ok pair { __typename } }', '', 'Pair.__typename', ['left', 'right']],
  };
  for (const [name, [source, scopes, coordinate, required]] of Object.entries(refused)) {
    it(`E-7 ${name}`, async () => {
      runs.length = 0;
      const verdict = guarded.decideOperation({ document: parse(source), principal: person(scopes) });
      assert.ok(verdict.kind === 'refuse');
      assert.equal(verdict.code, 'FORBIDDEN');
      assert.deepEqual(verdict.denials, [{ coordinate, requiredScopes: required }]);
      const answer = await ask(guarded, source, person(scopes));
      assert.deepEqual(runs, []);
      assert.ok(answer.errors.length > 0);
      // The denial names only types that the document names.
      assert.doesNotMatch(JSON.stringify(verdict), /"[AB]\.|Only|Left|Right/);
      const [needed = ''] = guarded.neededScopes({ document: parse(source) });
      assert.equal(guarded.decideOperation({ document: parse(source), principal: person(needed) }).kind, 'run');
    });
  }

  const runsAnyway: Readonly<Record<string, readonly [source: string, scopes: string]>> = {
    'one type allows it': ['mutation { node { id } }', 'a'],
    'the other type allows it': ['mutation { node { id } }', 'b c'],
    'no argument is supplied': ['mutation { node { f } }', ''],
    'one type takes nothing for the argument': ['mutation { node { f(a: 1) } }', 'fb'],
    'a member of the union, and all below is left out': ['mutation { pair { __typename @skip(if: true) } }', 'right'],
    'one type of the parent': ['mutation { holder { any { __typename @skip(if: true) } } }', 'left'],
    'a member that no type of the parent returns': ['mutation { stock { kind { __typename } } }', ''],
    'a member of the union': ['mutation { pair { __typename } }', 'right'],
    'no type denies the field': ['mutation { node { plain } }', ''],
  };
  for (const [name, [source, scopes]] of Object.entries(runsAnyway)) {
    it(`E-7 but it runs if ${name}`, () => {
      const verdict = guarded.decideOperation({ document: parse(source), principal: person(scopes) });
      assert.equal(verdict.kind, 'run');
    });
  }

  it('E-7 a subscription is decided in the same way, and a query runs without its denied parts', () => {
    const decide = (source: string) => guarded.decideOperation({ document: parse(source), principal: person() }).kind;
    assert.equal(decide('subscription { node { id } }'), 'refuse');
    assert.equal(decide('{ node { id } }'), 'run');
  });

  it('E-7 arguments that cannot be coerced for any type do not count as allowed', () => {
    const document = parse('mutation ($a: Int = 1) { node { f(a: $a) } }');
    assert.throws(() => guarded.decideOperation({ document, variables: { a: 'one' }, principal: person() }), {
      code: 'BAD_USER_INPUT',
    });
  });

  it('E-7 the rules of all types are reported to the listener', () => {
    const reported: string[] = [];
    const guarded = guardOne(typeDefs, { onDenial: ({ rule }) => reported.push(rule) });
    guarded.decideOperation({ document: parse('mutation { node { id } }'), principal: person() });
    assert.deepEqual(reported, ['A.id', 'B.id']);
  });
});

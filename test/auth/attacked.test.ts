import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultTypeResolver, type GraphQLResolveInfo, parse } from 'graphql';
import { ClaimgateError, StartError } from '../../src/errors.ts';
import { ask, denied, guardOne, person } from '../support/rules.ts';

/** Faults of the engine that were found by attacking it. Each test is named for the symptom. */
describe('schemas that must not start', () => {
  const wrong: Readonly<Record<string, readonly [typeDefs: string, expected: RegExp]>> = {
    'an owner whose implementer takes arguments': [
      'interface I { userId: ID x: Int @auth(owner: "userId") } type A implements I { userId(as: ID): ID x: Int } type Query { a: A @public }',
      /^I\.x .*names no field of A/,
    ],
    "a rule on a directive's argument": [
      'directive @x(a: Int @auth(scope: "s")) on FIELD type Query { q: Int @public }',
      /^@x\(a:\) .*carries a rule/,
    ],
    'a guarded input type in a directive': [
      'directive @x(a: [I]) on FIELD input I { b: K } enum K { A B @auth(scope: "s") } type Query { q: Int @public }',
      /^@x\(a:\) .*carries a rule/,
    ],
    'a default of a field that inherits the rule': [
      'interface N { f(a: Int @auth(scope: "s")): Int } type A implements N { f(a: Int = 5): Int } type Query { a: A @public }',
      /^A\.f\(a:\) .*default value/,
    ],
  };
  for (const [name, [typeDefs, expected]] of Object.entries(wrong)) {
    it(name, () => {
      assert.throws(
        () => guardOne(typeDefs),
        (error) => error instanceof StartError && error.faults.some((fault) => expected.test(fault)),
      );
    });
  }

  it('a type that comes in through a resolver map', () => {
    const resolvers = { Query: { x: { type: 'String', resolve: () => 1 } as never } };
    assert.throws(() => guardOne('type Query { x: Int @auth }', { resolvers }), /Query\.x .*is not a resolver/);
  });
});

describe('B-16 bounded work', () => {
  it('wrong variables are coerced once for any number of fields', () => {
    let parsed = 0;
    const guarded = guardOne(
      'scalar S input I { s: S b: Int @auth(scope: "s") } type Query { x: Int @public } type Mutation { m(i: I): Int @public }',
    );
    const scalar = guarded.schema.getType('S') as { parseValue?: (value: unknown) => unknown };
    scalar.parseValue = () => {
      parsed += 1;
      throw new Error('never good');
    };
    const document = parse(`mutation ($v: I) { ${Array.from({ length: 50 }, (_, n) => `a${n}: m(i: $v)`).join(' ')} }`);
    assert.throws(() => guarded.decideOperation({ document, variables: { v: { s: 1 } }, principal: person() }), {
      code: 'BAD_USER_INPUT',
    });
    assert.equal(parsed, 1);
  });

  it('fragments that narrow to every subset of types are refused by a limit', () => {
    const names = Array.from({ length: 18 }, (_, n) => n);
    const guarded = guardOne(`
      ${names.map((n) => `interface N${n} { x: Int }`).join(' ')}
      ${names
        .map(
          (n) =>
            `type T${n} implements ${names
              .filter((k) => k !== n)
              .map((k) => `N${k}`)
              .join(' & ')} { x: Int }`,
        )
        .join(' ')}
      union U = ${names.map((n) => `T${n}`).join(' | ')}
      type Query { x: Int @public } type Mutation { u: U @auth }`);
    const fragments = names.map((n) => {
      const next = n === 17 ? '__typename' : `...F${n + 1}`;
      return `fragment F${n} on U { ${next} ... on N${n} { ${next} } }`;
    });
    const document = parse(`mutation { u { ...F0 } } ${fragments.join(' ')}`);
    assert.throws(
      () => guarded.decideOperation({ document, principal: person() }),
      (error) => error instanceof ClaimgateError && error.code === 'LIMIT_EXCEEDED',
    );
  });
});

describe('the content of errors', () => {
  it('a denial by the concrete type names no scope', async () => {
    const guarded = guardOne(
      `interface N { f(a: Int): Int } type A implements N { f(a: Int @auth(scope: "hidden")): Int } type B implements N { f(a: Int): Int }
       type Query { n: [N] @public }`,
      { resolvers: { Query: { n: () => [{ __typename: 'A' }, { __typename: 'B', f: 1 }] } } },
    );
    const answer = await ask(guarded, '{ n { f(a: 1) } }', person());
    assert.deepEqual(answer, { data: { n: [{ f: null }, { f: 1 }] }, errors: denied('n.0.f') });
    assert.doesNotMatch(JSON.stringify(answer), /hidden/);
  });

  it('aliases and SHADOW rules hide no denial from the listener', async () => {
    const reported: string[] = [];
    const aliases = Array.from({ length: 150 }, (_, n) => `a${n}: closed`).join(' ');
    const guarded = guardOne(
      'type Query { open: Int @public closed: Int @auth(scope: "c") secret: Int @auth(scope: "s") }',
      {
        onDenial: ({ coordinate }) => reported.push(coordinate),
      },
    );
    await ask(guarded, `{ open ${aliases} secret }`, person());
    assert.deepEqual(reported, ['Query.closed', 'Query.secret']);
  });

  it('acr values are the values that all rules accept', () => {
    const guarded = guardOne('type Query { x: Int @auth(acr: ["a", "b"]) @auth(acr: ["b", "c"]) }');
    const verdict = guarded.decideOperation({ document: parse('{ x }'), principal: person() });
    assert.deepEqual(verdict.kind === 'refuse' && verdict.acrValues, ['b']);
  });
});

describe('the decisions', () => {
  it('B-23 an auth_time in milliseconds, or an infinite one, is not fresh', async () => {
    const now = 1_000_000_000_000;
    const guarded = guardOne('type Query { x: Int @auth(maxAge: 60) }', { clock: () => now });
    for (const time of [now, Number.POSITIVE_INFINITY, now / 1000 + 3_600]) {
      assert.deepEqual((await ask(guarded, '{ x }', person('', { auth_time: time }))).errors.length, 1, String(time));
    }
  });

  it('if an owner cannot be read, the other alternatives still count', async () => {
    const guarded = guardOne(
      'type Query { o: O @public } type O { u: ID x: Int @auth(anyOf: [{owner: "u"}, {policy: "yes"}]) }',
      {
        resolvers: {
          Query: { o: () => ({ x: 1 }) },
          O: {
            u: () => {
              throw new Error('broken');
            },
          },
        },
        policies: { yes: (requests) => requests.map(() => true) },
      },
    );
    assert.deepEqual(await ask(guarded, '{ o { x } }', person()), { data: { o: { x: 1 } }, errors: [] });
  });

  it('a list given as an async iterable is refused in every executor if its values have rules (E-6)', async () => {
    const stream = async function* stream() {
      yield { u: 'bob', x: 1 };
    };
    const guarded = guardOne(
      `type O @auth(owner: "u") { u: ID x: Int } type Query { now: [O] @public later: [O] @public text: [O] @public open: [Int] @public }`,
      { resolvers: { Query: { now: stream, later: async () => stream(), text: () => 'o', open: stream } } },
    );
    const { now, later, text, open } = guarded.schema.getQueryType()?.getFields() ?? {};
    const info = {
      parentType: { name: 'Query' },
      fieldName: 'o',
      path: { key: 'o', prev: { key: 'q' } },
    } as GraphQLResolveInfo;
    const resolved = async (field = now): Promise<unknown> => field?.resolve?.({}, {}, { principal: person() }, info);
    for (const field of [now, later, text]) await assert.rejects(resolved(field), /did not give an iterable/);
    assert.equal(typeof (await resolved(open)), 'object');
    assert.deepEqual((await ask(guarded, '{ now { x } }', person())).data, { now: null });
  });

  it('an empty account ID owns nothing', async () => {
    const guarded = guardOne('type Query { x(u: ID): Int @auth(owner: "$u") }');
    assert.equal((await ask(guarded, '{ x(u: "") }', person('', {}, ''))).errors.length, 1);
  });

  it('the plan refuses nothing that the guard allows: a default of the interface is not the implementer’s', () => {
    const guarded = guardOne(
      `interface N { f(a: Int = 5): Int } type A implements N { f(a: Int @auth(scope: "s")): Int }
       type Query { x: Int @public } type Mutation { n: N @public }`,
    );
    assert.equal(guarded.decideOperation({ document: parse('mutation { n { f } }'), principal: person() }).kind, 'run');
  });

  it('B-21 denial: reject holds by direct execution too', async () => {
    const guarded = guardOne('type Query { a: Int @public b: Int @auth(scope: "s") }', {
      denial: 'reject',
      resolvers: { Query: { a: () => 1 } },
    });
    assert.deepEqual((await ask(guarded, '{ a b }', person())).data, { a: null, b: null });
  });

  it('graphql-js’s own type resolver, given by name, is not misled by the guard', async () => {
    const guarded = guardOne(
      'union U = A | B type A @auth(scope: "a") { x: Int } type B { y: Int } type Query { u: U @public }',
      {
        resolvers: {
          U: { __resolveType: defaultTypeResolver },
          B: { __isTypeOf: () => true },
          Query: { u: () => ({ y: 1 }) },
        },
      },
    );
    assert.deepEqual((await ask(guarded, '{ u { ... on B { y } } }', person())).data, { u: { y: 1 } });
  });
});

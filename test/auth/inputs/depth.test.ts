import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execute, type ExecutionResult, graphql, graphqlSync, parse, subscribe } from 'graphql';
import { ClaimgateError, StartError } from '../../../src/errors.ts';
import { dose } from '../../support/dose.ts';
import { ask, guardOne, type Options, person } from '../../support/rules.ts';

const typeDefs = `
  scalar JSON
  enum Kind { OPEN SHUT @auth(scope: "k") }
  input Filter { not: Filter or: [Filter!] email: String @auth(scope: "filter:email") any: JSON kinds: [[[Kind]]] n: Int! = 1 }
  type Query { open: Int @public find(filter: Filter): Int @public grid(kinds: [[[Kind]]]): Int @public }
  type Mutation { ok: Int @public find(filter: Filter): Int @public own(user: ID!, filter: Filter): Int @auth(owner: "$user") }
  type Subscription { found(filter: Filter): Int @public }`;

/** A schema that records which resolvers with guarded inputs ran. */
function world(options: Options = {}) {
  const runs: string[] = [];
  const noted = (name: string) => () => runs.push(name);
  const guarded = guardOne(typeDefs, {
    resolvers: {
      Query: { open: () => 1, find: noted('find'), grid: noted('grid') },
      Mutation: { ok: noted('ok'), find: noted('find'), own: noted('own') },
      Subscription: {
        found: {
          subscribe: async function* () {
            runs.push('found');
            yield { found: 1 };
          },
        },
      },
    },
    ...options,
  });
  return { guarded, runs };
}

/** Wraps the innermost value in this many objects. */
function nested(depth: number, around: (inside: unknown) => unknown, innermost: unknown): unknown {
  let value = innermost;
  for (let level = 0; level < depth; level += 1) value = around(value);
  return value;
}
const filter = (depth: number): unknown => nested(depth, (not) => ({ not }), { email: 'x' });

const query = 'query ($f: Filter) { open a: find(filter: $f) b: find(filter: $f) }';
const mutation = 'mutation ($f: Filter) { ok a: find(filter: $f) b: find(filter: $f) }';
const codesOf = ({ errors = [] }: ExecutionResult) => [...new Set(errors.map(({ extensions }) => extensions['code']))];

/** Calls a function with this many stack frames below it. */
function below<T>(frames: number, call: () => T): T {
  return frames === 0 ? call() : below(frames - 1, call);
}

/** Returns how many frames fit on the stack. */
function stackSize(): number {
  let frames = 0;
  const count = (): void => {
    frames += 1;
    count();
  };
  try {
    count();
  } catch {
    return frames;
  }
  return frames;
}

const turns = dose('auth/inputs/depth.test.ts');

describe('E-1 a guarded input of any depth never reaches a resolver by direct execution', () => {
  for (const [name, options] of [
    ['with the default limit', {}],
    ['with a limit beyond the capacity of a stack', { inputDepth: 1_000_000 }],
  ] as const) {
    it(`E-1 ${turns} times at varying depths, ${name}`, async () => {
      const { guarded, runs } = world(options);
      for (let turn = 0; turn < turns; turn += 1) {
        const variableValues = { f: filter(100 + ((turn * 7_919) % 19_900)) };
        const source = turn % 4 === 3 ? mutation : query;
        const result = await graphql({
          schema: guarded.schema,
          source,
          contextValue: { principal: person() },
          variableValues,
        });
        assert.ok(result.errors, source);
      }
      assert.deepEqual(runs, []);
    });

    it(`E-1 called with a nearly exhausted stack, ${name}`, () => {
      const { guarded, runs } = world(options);
      const frames = stackSize();
      let answered = 0;
      for (let left = 20; left < frames / 2; left = Math.ceil(left * 1.05)) {
        for (const depth of [1, 30, 59, 300]) {
          const variableValues = { f: filter(depth) };
          for (const source of [query, mutation]) {
            try {
              const { schema } = guarded;
              below(Math.max(0, frames - left), () =>
                graphqlSync({ schema, source, contextValue: { principal: person() }, variableValues }),
              );
              answered += 1;
            } catch {
              // The stack was exhausted before the call returned a result.
            }
          }
        }
      }
      assert.ok(answered > 0);
      assert.deepEqual(runs, []);
      // No decision about this input is cached.
      const free = graphqlSync({
        schema: guarded.schema,
        source: query,
        contextValue: { principal: person('filter:email') },
        variableValues: { f: filter(3) },
      });
      assert.equal(free.errors, undefined);
      assert.deepEqual(runs, ['find', 'find']);
    });
  }

  it('E-1 a subscription', async () => {
    const { guarded, runs } = world();
    const answer = await subscribe({
      schema: guarded.schema,
      document: parse('subscription ($f: Filter) { found(filter: $f) }'),
      contextValue: { principal: person() },
      variableValues: { f: filter(100) },
    });
    assert.ok('errors' in answer);
    assert.deepEqual(codesOf(answer), ['LIMIT_EXCEEDED']);
    assert.deepEqual(runs, []);
  });

  it('E-1 the limit holds by direct execution for callers with the scope too', async () => {
    const { guarded, runs } = world();
    for (const [depth, allowed] of [
      [59, true],
      [60, false],
    ] as const) {
      for (const source of [query, mutation]) {
        runs.length = 0;
        const result = await graphql({
          schema: guarded.schema,
          source,
          contextValue: { principal: person('filter:email') },
          variableValues: { f: filter(depth) },
        });
        assert.deepEqual(codesOf(result), allowed ? [] : ['LIMIT_EXCEEDED']);
        assert.equal(runs.length > 0, allowed);
      }
    }
  });
});

describe('E-1 the depth of inputs is bounded before anything is coerced', () => {
  const { guarded } = world();
  const decide = (source: string, variables: Record<string, unknown> = {}) =>
    guarded.decideOperation({ document: parse(source), variables, principal: person('filter:email k') });
  const literal = (depth: number, innermost: string) => `${'{ not: '.repeat(depth)}${innermost}${' }'.repeat(depth)}`;
  const cycle: Record<string, unknown> = {};
  cycle['not'] = cycle;
  const list: unknown[] = [];
  list.push(list);
  const endless: object = new Proxy(
    {},
    {
      get: () => endless,
      ownKeys: () => ['not'],
      getOwnPropertyDescriptor: () => ({ value: endless, enumerable: true, configurable: true }),
    },
  );
  const widening = (): object => ({
    get a() {
      return widening();
    },
    get b() {
      return widening();
    },
  });

  const tooDeep: Readonly<Record<string, readonly [source: string, variables?: Record<string, unknown>]>> = {
    'a variable': [query, { f: filter(60) }],
    'a variable that no field has': ['query ($f: Filter) { open }', { f: filter(60) }],
    'a variable that the document does not define': ['{ open }', { other: filter(60) }],
    'a variable 20,000 deep': [query, { f: filter(20_000) }],
    'objects in lists': [query, { f: nested(60, (or) => ({ or: [or] }), {}) }],
    'lists in lists': [
      'query ($k: [[[Kind]]]) { grid(kinds: $k) }',
      { k: nested(20_000, (inside) => [inside], 'OPEN') },
    ],
    'a scalar that holds anything': [query, { f: { any: nested(20_000, (a) => ({ a }), 1) } }],
    'a scalar that holds lists': [query, { f: { any: nested(20_000, (a) => [a], 1) } }],
    'a literal': [`{ open find(filter: ${literal(60, '{ email: "x" }')}) }`],
    'a literal in a fragment': [`{ open ...F } fragment F on Query { find(filter: ${literal(60, '{}')}) }`],
    'a literal of a scalar': [`{ find(filter: { any: ${'['.repeat(100)}${']'.repeat(100)} }) }`],
    'a literal in a directive': [`{ open @include(if: ${'['.repeat(100)}${']'.repeat(100)}) }`],
    "a variable's default": [`query ($f: Filter = ${literal(60, '{ email: "x" }')}) { find(filter: $f) }`],
    'a literal around a variable': [`query ($f: Filter) { find(filter: ${literal(40, '$f')}) }`, { f: filter(40) }],
    'an object that refers to itself': [query, { f: cycle }],
    'a list that refers to itself': [query, { f: { any: list } }],
    'a proxy without end': [query, { f: endless }],
  };
  for (const [name, [source, variables]] of Object.entries(tooDeep)) {
    for (const text of [source, source.replace(/^(query )?/, 'mutation ').replace('open', 'ok')]) {
      if (text.startsWith('mutation') && text.includes('grid')) continue;
      it(`E-1 ${name}, in a ${text.startsWith('mutation') ? 'mutation' : 'query'}`, () => {
        assert.throws(
          () => decide(text, variables),
          (error: unknown) => {
            assert.ok(error instanceof ClaimgateError);
            assert.equal(error.code, 'LIMIT_EXCEEDED');
            assert.deepEqual(error.evidence, { limit: 'inputDepth', allowed: 60, found: 61 });
            return true;
          },
        );
      });
    }
  }

  it('E-1 getters that branch without end', () => {
    const wide = guardOne(typeDefs, { inputDepth: 100_000 });
    const document = parse(query);
    assert.throws(() => wide.decideOperation({ document, variables: { f: widening() }, principal: person() }), {
      code: 'LIMIT_EXCEEDED',
    });
  });

  it('E-1 inputs exactly as deep as allowed are judged, in lists and as single values for lists', () => {
    for (const around of [(not: unknown) => ({ not }), (or: unknown) => ({ or: [or] }), (or: unknown) => ({ or })]) {
      const variables = { f: nested(59, around, { email: 'x' }) };
      assert.equal(decide(query, variables).kind, 'run');
      const refused = guarded.decideOperation({ document: parse(mutation), variables, principal: person() });
      assert.equal(refused.kind, 'refuse');
    }
  });

  for (const inputDepth of [0, -1, 1.5, Number.NaN, '60' as never]) {
    it(`E-1 inputDepth: ${inputDepth} is a fault at start`, () => {
      assert.throws(
        () => guardOne(typeDefs, { inputDepth }),
        (error) => error instanceof StartError && /^inputDepth=.*expected a whole number/.test(error.message),
      );
    });
  }
});

describe('E-1 inputs that cannot be coerced do not count as empty', () => {
  const cannot: Readonly<Record<string, readonly [source: string, variables?: Record<string, unknown>]>> = {
    'a variable': ['mutation ($f: Filter) { ok find(filter: $f) }', { f: { email: 1, other: 2 } }],
    'an argument': ['mutation ($n: Int = 2) { ok find(filter: { email: "x", n: $n }) }', { n: null }],
    'an argument of a sibling whose owner it names': ['mutation ($u: ID = "alice") { ok own(user: $u) }', { u: null }],
  };
  for (const [name, [source, variables = {}]] of Object.entries(cannot)) {
    it(`E-1 ${name} of a mutation: nothing of it runs`, async () => {
      const { guarded, runs } = world();
      const result = await ask(guarded, source, person('filter:email'), variables);
      assert.deepEqual(runs, []);
      assert.ok(result.errors.length > 0);
      if (name === 'a variable') return; // graphql-js itself refuses it.
      assert.deepEqual([...new Set(result.errors.map(([code]) => code))].includes('BAD_USER_INPUT'), true);
    });
  }

  for (const [name, [source, variables = {}]] of Object.entries(cannot).slice(0, 2)) {
    it(`E-1 ${name} of a mutation is reported before anything runs, without a value of the request`, () => {
      const { guarded } = world();
      assert.throws(
        () => guarded.decideOperation({ document: parse(source), variables, principal: person('filter:email') }),
        { code: 'BAD_USER_INPUT', message: /is not of its type/ },
      );
    });
  }

  it('E-1 a denied caller of a mutation with such inputs gets the denial', () => {
    const { guarded } = world();
    const document = parse('mutation ($u: ID = "alice", $f: Filter) { own(user: $u, filter: $f) }');
    const verdict = guarded.decideOperation({
      document,
      variables: { f: { email: 1 } },
      principal: person('', {}, null),
    });
    assert.ok(verdict.kind === 'refuse');
    assert.equal(verdict.code, 'FORBIDDEN');
  });

  it('E-1 in a query, the guard decides them at the field', async () => {
    const { guarded, runs } = world();
    const source = 'query ($n: Int = 2) { open find(filter: { email: "x", n: $n }) }';
    const verdict = guarded.decideOperation({ document: parse(source), variables: { n: null }, principal: person() });
    assert.equal(verdict.kind, 'run');
    const { data, errors } = await ask(guarded, source, person(), { n: null });
    assert.deepEqual(data, { open: 1, find: null });
    assert.equal(errors.length, 1);
    assert.deepEqual(runs, []);
  });

  it('E-1 a coerced object that refers to itself, from another executor, is refused', async () => {
    const { guarded, runs } = world();
    const cycle: Record<string, unknown> = {};
    cycle['not'] = cycle;
    // The scalar returns the object that it received, so resolver and guard see the same object.
    const result = await execute({
      schema: guarded.schema,
      document: parse('query ($j: JSON) { open find(filter: { any: $j }) }'),
      contextValue: { principal: person() },
      variableValues: { j: cycle },
    });
    assert.deepEqual(codesOf(result), ['LIMIT_EXCEEDED']);
    assert.deepEqual(runs, []);
  });
});

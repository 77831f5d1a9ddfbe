import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import {
  buildSchema,
  type ExecutionResult,
  execute,
  executeSync,
  type GraphQLFieldResolver,
  getNamedType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import type { GuardedSchema } from '../../src/auth/guarded-schema.ts';
import { anonymous, type Principal } from '../../src/principal.ts';
import { dose } from '../support/dose.ts';
import { holder } from '../support/modules.ts';

const numRuns = dose('auth/properties.test.ts');

const places = ['I.x', 'I.i', 'A', 'A.x', 'A.b', 'A.i', 'B', 'B.x', 'B.a', 'Query', 'Query.a', 'Query.i', 'Query.list'];
const scopes = ['s', 't', 'u'];

/** For each field or type: the alternatives, each a set of scopes. */
type Rules = Readonly<Record<string, readonly (readonly string[])[]>>;

const rulesArbitrary: fc.Arbitrary<Rules> = fc.dictionary(
  fc.constantFrom(...places),
  fc.array(fc.subarray(scopes, { minLength: 1 }), { minLength: 1, maxLength: 2 }),
  { maxKeys: 5 },
);

function sdl(rules: Rules, open: string): string {
  const at = (place: string, otherwise = '') => {
    const rule = rules[place]?.map((scopes) => `"${scopes.join(' ')}"`);
    return rule ? `@auth(scope: [${rule.join()}])` : otherwise;
  };
  return `
    interface I { x: Int ${at('I.x')} i: I ${at('I.i')} }
    union U = A | B
    type A implements I ${at('A')} { x: Int ${at('A.x')} i: I ${at('A.i')} b: B ${at('A.b')} }
    type B implements I ${at('B')} { x: Int ${at('B.x')} i: I  a: A! ${at('B.a')} }
    type Query ${at('Query')} { a: A ${at('Query.a', open)} i: I ${at('Query.i', open)} list: [U] ${at('Query.list', open)} n: Int ${open} }
    type Mutation { go: A ${open}  list: [U] ${open}  n: Int ${open} }
  `;
}

const values: Readonly<Record<string, unknown>> = {
  get a() {
    return {
      __typename: 'A',
      x: 1,
      get i() {
        return values['b'];
      },
      get b() {
        return values['b'];
      },
    };
  },
  get b() {
    return {
      __typename: 'B',
      x: 2,
      get i() {
        return values['a'];
      },
      get a() {
        return values['a'];
      },
    };
  },
  get i() {
    return values['b'];
  },
  get go() {
    return values['a'];
  },
  get list() {
    return [values['a'], null, values['b'], values['a']];
  },
};

type Type = 'A' | 'B' | 'I' | 'U';

/** Generates selection sets that are valid on each type and can be merged with each other. */
const sets = fc.letrec<Record<Type, string>>((tie) => {
  const set = (leaves: readonly string[], branches: readonly (readonly [string, Type])[]) => {
    const leaf = fc.constantFrom('__typename', ...leaves);
    const branch = branches.map(([field, type]) => tie(type).map((inner) => `${field} ${inner}`));
    return fc
      .array(fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf, ...branch), { minLength: 1, maxLength: 3 })
      .map((selections) => `{ ${selections.join(' ')} }`);
  };
  const x = ['x', 'x @skip(if: $yes)', 'y: x @include(if: $no)', 'y: x'];
  const narrower = [
    ['... on A', 'A'],
    ['... on B', 'B'],
    ['... on I', 'I'],
    ['... on U', 'U'],
  ] as const;
  return {
    A: set(x, [
      ['i', 'I'],
      ['b', 'B'],
      ['... on I', 'I'],
      ['... on U', 'U'],
    ]),
    B: set(x, [
      ['i', 'I'],
      ['a', 'A'],
      ['... on I', 'I'],
      ['...', 'B'],
    ]),
    I: set(x, [['i', 'I'], ...narrower]),
    U: set([], narrower),
  };
});

const plain = buildSchema(sdl({}, ''));

/** Generates documents with one operation of this kind and one fragment that the operation spreads. */
function documents(kind: 'query' | 'mutation'): fc.Arbitrary<string> {
  const list = sets.U.map((set) => `list ${set}`);
  const roots = {
    query: [sets.A.map((set) => `a ${set}`), sets.I.map((set) => `i ${set}`), list],
    mutation: [sets.A.map((set) => `go ${set}`), list],
  };
  const body = fc.array(fc.oneof(...roots[kind]), { minLength: 1, maxLength: 3 });
  return fc.tuple(body, sets.A, fc.boolean()).map(([fields, fragment, spread]) => {
    const [type, field] = kind === 'query' ? ['Query', 'a'] : ['Mutation', 'go'];
    const used = `...F @include(if: ${spread})`;
    return `${kind} ($yes: Boolean = true, $no: Boolean = false) { ${fields.join(' ')} ${used} ... @skip(if: $yes) { n @skip(if: $no) } }
      fragment F on ${type} { ${field} ${fragment} }`;
  });
}

it('the generated documents are valid', () => {
  for (const kind of ['query', 'mutation'] as const) {
    fc.assert(
      fc.property(documents(kind), (source) => assert.deepEqual(validate(plain, parse(source)), [])),
      { numRuns: 100 },
    );
  }
});

const granted = fc.subarray(scopes);

function guarded(rules: Rules, runs: string[] = []): GuardedSchema {
  const resolve: GraphQLFieldResolver<Record<string, unknown>, unknown> = (source, _args, _context, info) => {
    runs.push(`${info.parentType.name}.${info.fieldName}`);
    return source[info.fieldName];
  };
  const fields = { A: ['x', 'i', 'b'], B: ['x', 'i', 'a'], Query: ['a', 'i', 'list'], Mutation: ['go', 'list'] };
  const resolvers = Object.fromEntries(
    Object.entries(fields).map(([type, names]) => [type, Object.fromEntries(names.map((name) => [name, resolve]))]),
  );
  return createGuardedSchema({ modules: [{ name: 'generated', typeDefs: sdl(rules, '@public'), resolvers }] });
}

async function run(guarded: GuardedSchema, source: string, principal: Principal): Promise<ExecutionResult> {
  const { schema } = guarded;
  return execute({ schema, document: parse(source), rootValue: values, contextValue: { principal } });
}

/** Computes the expected result without guard and plan: it decides the rules at every field and value. */
function expected(rules: Rules, source: string, granted: readonly string[]): ExecutionResult {
  const may = (place: string) =>
    rules[place]?.some((needed) => needed.every((scope) => granted.includes(scope))) ?? true;
  const hide = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hide);
    return may((value as { readonly __typename?: string } | null)?.__typename ?? '') ? value : null;
  };
  return executeSync({
    schema: plain,
    document: parse(source),
    rootValue: values,
    fieldResolver: (source, _args, _context, { parentType, fieldName, returnType }) => {
      const inherited = parentType.getInterfaces().map((type) => `${type.name}.${fieldName}`);
      const needed = [`${parentType.name}.${fieldName}`, ...inherited];
      if (parentType.name === 'Query') needed.push('Query');
      const type = getNamedType(returnType);
      if (isObjectType(type)) needed.push(type.name);
      return needed.every(may) ? hide(source[fieldName]) : null;
    },
  });
}

const text = (value: unknown): string => JSON.stringify(value);

it('B-14 the guard alone gives exactly the data that the rules allow', async () => {
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, documents('query'), granted, async (rules, source, granted) => {
      assert.equal(
        text((await run(guarded(rules), source, holder(...granted))).data),
        text(expected(rules, source, granted).data),
      );
    }),
    { numRuns },
  );
});

it('B-14 the plan refuses a query only if the guard alone would leave no root field', async () => {
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, documents('query'), granted, async (rules, source, granted) => {
      const runs: string[] = [];
      const schema = guarded(rules, runs);
      const principal = granted.length > 0 ? holder(...granted) : anonymous;
      const verdict = schema.decideOperation({ document: parse(source), principal });
      const { data } = await run(schema, source, principal);
      if (verdict.kind === 'refuse') assert.ok(Object.values(data ?? {}).every((value) => value === null));
      if (verdict.kind === 'refuse') assert.deepEqual(runs, []);
    }),
    { numRuns },
  );
});

it('more scopes never return less data', async () => {
  const holds = (less: unknown, more: unknown): boolean => {
    if (less === null || less === undefined) return true;
    if (typeof less !== 'object') return less === more;
    if (typeof more !== 'object' || more === null) return false;
    return Object.entries(less).every(([key, value]) => holds(value, (more as Record<string, unknown>)[key]));
  };
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, documents('query'), granted, granted, async (rules, source, some, others) => {
      const schema = guarded(rules);
      const less = (await run(schema, source, holder(...some))).data;
      const more = await run(schema, source, holder(...some, ...others));
      assert.ok(holds(less, more.data));
    }),
    { numRuns },
  );
});

it('B-13 a mutation runs as a whole or not at all; if it runs, only values can deny', async () => {
  const seen = { refused: 0, ran: 0 };
  await fc.assert(
    fc.asyncProperty(rulesArbitrary, documents('mutation'), granted, async (rules, source, granted) => {
      const runs: string[] = [];
      const schema = guarded(rules, runs);
      const principal = holder(...granted);
      const { errors } = await run(schema, source, principal);
      if (schema.decideOperation({ document: parse(source), principal }).kind === 'refuse') {
        seen.refused += 1;
        assert.deepEqual(runs, []);
      } else {
        seen.ran += 1;
        assert.ok(runs.length > 0);
        assert.ok(errors?.every((error) => !('requiredScopes' in error.extensions)) ?? true, source);
      }
    }),
    { numRuns: 2 * numRuns },
  );
  assert.ok(seen.refused > numRuns / 15 && seen.ran > numRuns / 15, text(seen));
});

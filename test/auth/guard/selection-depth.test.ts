import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { execute, type ExecutionResult, parse, subscribe } from 'graphql';
import { maxSelectionDepth } from '../../../src/auth/plan/selection-depth.ts';
import { guardOne, person } from '../../support/rules.ts';

const typeDefs = `
  type N { kid: N! list: [String!]! }
  type Query { n: N @public mine: N @auth all: [N] @public }
  type Mutation { n: N @public }
  type Subscription { n: N @public }`;

describe('E-2 an operation whose depth could exhaust the stack between a promise and its handler', () => {
  const runs: string[] = [];
  const noted = (name: string) => () => {
    runs.push(name);
    return {};
  };
  const guarded = guardOne(typeDefs, {
    resolvers: {
      Query: { n: noted('n'), mine: noted('mine'), all: noted('all') },
      Mutation: { n: noted('mutation') },
      Subscription: {
        n: {
          subscribe: async function* () {
            runs.push('subscription');
            yield { n: {} };
          },
        },
      },
      N: {
        kid: () => ({}),
        list: () =>
          [1, 2, 3].map(async () => {
            await Promise.resolve();
            throw new Error('late');
          }),
      },
    },
  });
  /** Returns an operation with this many nested fields. */
  const deep = (operation: string, field: string, depth: number): string =>
    `${operation} { ${field} { ${'list kid { '.repeat(depth - 2)} list ${'}'.repeat(depth - 2)} } }`;
  const byFragments = (depth: number): string =>
    `{ n { ...F0 } } ${Array.from({ length: depth - 2 }, (_, n) => `fragment F${n} on N { kid { ...F${n + 1} } }`).join(' ')}
     fragment F${depth - 2} on N { list }`;
  const tooDeep: Readonly<Record<string, string>> = {
    'a query of a field without a rule': deep('query', 'n', maxSelectionDepth + 1),
    'a query, much deeper': deep('query', 'n', 1_200),
    'a query of a field with a rule': deep('query', 'mine', maxSelectionDepth + 1),
    'a query of a list': deep('query', 'all', maxSelectionDepth + 1),
    'a query, by fragments': byFragments(maxSelectionDepth + 1),
    'a mutation': deep('mutation', 'n', maxSelectionDepth + 1),
    'a subscription': deep('subscription', 'n', maxSelectionDepth + 1),
  };
  for (const [name, source] of Object.entries(tooDeep)) {
    it(`E-2 ${name} is refused before it runs, planned and executed directly`, async () => {
      runs.length = 0;
      const document = parse(source, { noLocation: true });
      const contextValue = { principal: person() };
      const limit = { code: 'LIMIT_EXCEEDED' };
      assert.throws(() => guarded.decideOperation({ document, principal: person() }), limit);
      const run = source.startsWith('subscription') ? subscribe : execute;
      const { errors = [] } = (await run({ schema: guarded.schema, document, contextValue })) as ExecutionResult;
      assert.deepEqual(
        errors.map(({ extensions }) => extensions),
        [{ ...limit, limit: 'depth', allowed: 200, found: 201 }],
      );
      assert.deepEqual(runs, []);
    });
  }

  it('E-2 runs if it is exactly as deep as allowed', async () => {
    for (const source of [deep('query', 'n', maxSelectionDepth), byFragments(maxSelectionDepth)]) {
      const document = parse(source);
      assert.equal(guarded.decideOperation({ document, principal: person() }).kind, 'run');
      const contextValue = { principal: person() };
      const { errors = [] } = await execute({ schema: guarded.schema, document, contextValue });
      assert.deepEqual([...new Set(errors.map(({ message }) => message))], ['late']);
    }
  });

  it('E-2 a fragment within itself is refused also without validation', () => {
    const document = parse('{ n { ...F } } fragment F on N { kid { ...F } }');
    assert.throws(() => guarded.decideOperation({ document, principal: person() }), { code: 'LIMIT_EXCEEDED' });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type DocumentNode, getOperationAST, type GraphQLObjectType, isObjectType, parse } from 'graphql';
import { authCaches, type CacheBound } from '../../../src/auth/caches.ts';
import { Compiler, HotSelection } from '../../../src/auth/execute/compile/hot-selection.ts';
import { createPreparer } from '../../../src/auth/execute/prepare/prepare.ts';
import type { SelectionPlan } from '../../../src/auth/execute/prepare/query-plan.ts';
import { fragmentsOf } from '../../../src/auth/plan/fragments.ts';
import { heapUsed } from '../../support/heap.ts';
import { guardOne } from '../../support/rules.ts';

const types = Array.from({ length: 12 }, (_, at) => `T${at}`);
const { schema } = guardOne(`
  interface I { i: I  t: String  text(a: String, b: String, c: [String]): String }
  type Query { i: I @public  t: String @public }
  ${types.map((type) => `type ${type} implements I { i: I  t: String  text(a: String, b: String, c: [String]): String @auth(scope: "s") }`).join(' ')}`);
const objects = types.map((type) => schema.getType(type)).filter(isObjectType);
const [first] = objects as [GraphQLObjectType];

const unbounded: CacheBound = { entries: 1_000_000, bytes: 2 ** 40, grownBy: 'anyone', holds: '' };

/** Prepares a document with all its selections, on these object types. */
function preparer(on: readonly GraphQLObjectType[]) {
  const compiler = new Compiler({});
  const prepared = createPreparer(schema, unbounded, () => new HotSelection(compiler));
  function prepare(document: DocumentNode): void {
    const operation = getOperationAST(document);
    const plan = operation && prepared.planOf(operation, fragmentsOf(document));
    assert.ok(plan?.kind === 'query');
    for (let values = 0; values < 2 ** plan.conditions.length; values += 1) {
      const conditions = plan.conditions.map((name, at) => [name, ((values >> at) & 1) === 1] as const);
      descend(plan.rootFor(Object.fromEntries(conditions)));
    }
  }
  function descend({ fields }: SelectionPlan): void {
    for (const field of fields) {
      if (field.nodes[0]?.selectionSet) for (const type of on) descend(field.selectionOn(type));
    }
  }
  return { prepared, prepare };
}

const fields = (of: (at: number) => string, count = 34) => Array.from({ length: count }, (_, at) => of(at)).join(' ');
const one = [first];

/** Documents that differ in what takes the most of their memory. */
const kinds: readonly [kind: string, text: string, on?: readonly GraphQLObjectType[]][] = [
  ['a small query', '{ t }'],
  ['selections in selections', '{ i { i { i { i { i { i { t } } } } } } }'],
  ['aliases', `{ ${fields((at) => `a${at}: t`)} }`],
  ['long aliases', `{ ${fields((at) => `${'abcdefghij'.repeat(4)}${at}: t`)} }`],
  ['fields that are merged', `{ ${fields((at) => `a${at % 17}: t`)} }`],
  ['literals', `{ i { ${fields((at) => `a${at}: text(a: "a", b: "b")`)} } }`],
  ['literals that graphql-js coerces', `{ i { ${fields((at) => `a${at}: text(c: ["a"])`)} } }`],
  ['variables', `query ($v: String) { i { ${fields((at) => `a${at}: text(a: $v, b: $v)`)} } }`],
  ['definitions of variables', `query (${fields((at) => `$v${at}: [[String!]!]! = []`)}) { t }`],
  [
    'conditions',
    'query ($v: Boolean!, $w: Boolean!, $x: Boolean!) { t @skip(if: $v) b: t @skip(if: $w) c: t @skip(if: $x) }',
  ],
  ['five object types', `{ ${fields((at) => `a${at}: i { t }`, 10)} }`, objects.slice(0, 5)],
  ['twelve object types', `{ ${fields((at) => `a${at}: i { t }`, 10)} }`, objects],
];

describe('E-9 the estimated size of prepared queries', () => {
  for (const [kind, text, on = one] of kinds) {
    it(`E-9 is at least their size: ${kind}`, async (test) => {
      const { prepared, prepare } = preparer(on);
      const count = Math.max(50, Math.ceil(20_000 / (text.length * on.length)));
      const documents = Array.from({ length: count + 10 }, () => parse(text));
      documents.splice(0, 10).forEach(prepare);
      await setImmediate(); // A WeakRef keeps its target alive until the current job ends.
      const before = { heap: heapUsed(), estimate: prepared.bytes };
      documents.forEach(prepare);
      await setImmediate();
      const grown = heapUsed() - before.heap;
      const estimate = prepared.bytes - before.estimate;
      test.diagnostic(
        `${(grown / count).toFixed(0)} bytes of ${(estimate / count).toFixed(0)}, ${documents.length} times`,
      );
      assert.ok(grown <= estimate, `${grown} bytes of ${estimate}`);
      assert.ok(estimate <= 4 * grown, `${grown} bytes of ${estimate}`);
    });
  }

  it('E-9 a prepared query and its document are collected, though the queries of a schema share parts', async () => {
    const { prepare } = preparer(one);
    const made = (): WeakRef<DocumentNode> => {
      const document = parse('query ($v: String) { i { t a: text(a: $v) text(a: "a") b: text(c: ["c"]) } }');
      prepare(document);
      return new WeakRef(document);
    };
    const weak = made();
    await setImmediate();
    heapUsed();
    assert.equal(weak.deref(), undefined);
  });

  it('E-9 lets 5,000 usual queries stay, beside others that are used once', () => {
    const { prepared, prepare } = preparer(one);
    prepare(parse('{ i { __typename t a1234: text } }'));
    // A quarter of the bound is for queries that were used once.
    assert.ok(5_000 * prepared.bytes <= 0.75 * authCaches.preparedQueries.bytes, `${prepared.bytes} bytes`);
    assert.ok(5_000 <= 0.75 * authCaches.preparedQueries.entries);
  });
});

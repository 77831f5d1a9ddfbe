import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import { authCaches, type CacheBound } from '../../../src/auth/caches.ts';
import { fragmentsOf } from '../../../src/auth/plan/fragments.ts';
import type { Selections } from '../../../src/auth/plan/plan.ts';
import { cachePlans } from '../../../src/auth/plan/plan-cache.ts';
import { createPlanner } from '../../../src/auth/plan/planner.ts';
import { compileElements } from '../../../src/auth/rules/elements.ts';
import { heapUsed } from '../../support/heap.ts';
import { guardOne } from '../../support/rules.ts';

const numbers = Array.from({ length: 12 }, (_, at) => at);
const members = numbers.map((n) => `x${n}(k: K): Int`).join(' ');
const { schema, rules } = guardOne(`
  interface I { i: I  ${members} }
  ${numbers.map((n) => `interface N${n} { ${members} }`).join(' ')}
  ${numbers.map((n) => `type T${n} implements I & N${n} & N${(n + 1) % 12} { i: I  ${members.replaceAll('Int', `Int @auth(scope: "s${n} t${n}")`)} }`).join(' ')}
  enum K { A @auth(scope: "k") B }
  type Query { i: I @public  t: T0 @public  k(k: K): Int @public  n: Int @public }`);

const unbounded: CacheBound = { entries: 1_000_000, bytes: 2 ** 40, grownBy: 'anyone', holds: '' };

/** Makes a cache of plans, and the function that makes a whole plan. */
function planner(bound = unbounded) {
  const plans = cachePlans(createPlanner(schema, compileElements(schema, rules), 20), bound);
  function plan(document: DocumentNode): void {
    const operation = getOperationAST(document);
    const made = operation && plans.planOf(operation, fragmentsOf(document));
    assert.ok(made);
    const pending = new Set<Selections>([made.root]);
    for (const { fields, fragments } of pending) {
      for (const { selections } of [...fields, ...fragments]) if (selections) pending.add(selections);
    }
  }
  return { plans, plan };
}

const each = (of: (at: number) => string, count = 34) => Array.from({ length: count }, (_, at) => of(at)).join(' ');

/** Documents that differ in what takes the most of the memory of their plans. */
const kinds: Readonly<Record<string, string>> = {
  'a small query': '{ n }',
  'selections in selections': '{ i { i { i { i { i { i { x0 } } } } } } }',
  aliases: `{ ${each((at) => `a${at}: n`)} }`,
  'arguments with rules': `{ ${each((at) => `a${at}: k(k: A)`)} }`,
  conditions: `query ($v: Boolean = true) { ${each((at) => `a${at}: n @skip(if: $v)`)} }`,
  'inline fragments': `{ i { ${each((at) => `... on T${at % 12} { x0 }`)} } }`,
  'fragments with names': `{ i { ${each((at) => `...F${at}`)} } } ${each((at) => `fragment F${at} on T${at % 12} { x0 }`)}`,
  'one fragment on many types': `{ i { ${each((at) => `... on T${at} { ...F }`, 12)} } } fragment F on I { x0 }`,
  'parts of the possible types': `{ i { ${each((at) => `... on N${at} { x0 }`, 12)} } }`,
  'many fields on a part of the possible types': `{ i { ... on N0 { ${each((at) => `x${at}`, 12)} } } }`,
};

describe('E-9 the estimated size of plans', () => {
  for (const [kind, text] of Object.entries(kinds)) {
    it(`E-9 is at least their size: ${kind}`, async (test) => {
      const { plans, plan } = planner();
      const count = Math.max(50, Math.ceil(20_000 / text.length));
      const documents = Array.from({ length: count + 10 }, () => parse(text));
      documents.splice(0, 10).forEach(plan);
      await setImmediate(); // A WeakRef keeps its target alive until the current job ends.
      const before = { heap: heapUsed(), estimate: plans.bytes };
      documents.forEach(plan);
      await setImmediate();
      const grown = heapUsed() - before.heap;
      const estimate = plans.bytes - before.estimate;
      test.diagnostic(
        `${(grown / count).toFixed(0)} bytes of ${(estimate / count).toFixed(0)}, ${documents.length} times`,
      );
      assert.ok(grown <= estimate, `${grown} bytes of ${estimate}`);
      assert.ok(estimate <= 4 * grown, `${grown} bytes of ${estimate}`);
    });
  }

  it('E-9 the plans of a schema share nothing that a document names and the schema does not have', async (test) => {
    const { plan } = planner({ ...unbounded, entries: 10 });
    const planAll = (from: number, to: number): void => {
      for (let index = from; index < to; index += 1) plan(parse(`{ unknown${index} t { unknown${index} } }`));
    };
    planAll(0, 500);
    await setImmediate();
    const before = heapUsed();
    planAll(500, 4_500);
    await setImmediate();
    const grown = heapUsed() - before;
    test.diagnostic(`${grown} bytes`);
    assert.ok(grown < 1_000_000, `${grown} bytes`);
  });

  it('E-9 a plan and its document are collected, though the plans of a schema share parts', async () => {
    const { plan } = planner();
    const made = (): WeakRef<DocumentNode> => {
      const document = parse('{ i { ...F t: x0 } k(k: A) } fragment F on N0 { x1 }');
      plan(document);
      return new WeakRef(document);
    };
    const weak = made();
    await setImmediate();
    heapUsed();
    assert.equal(weak.deref(), undefined);
  });

  it('E-9 does not count what all plans of a schema share', () => {
    const { plans, plan } = planner();
    const sizes = [parse('{ i { i { x0 x1 } } }'), parse('{ i { i { x0 x1 } } }')].map((document) => {
      const before = plans.bytes;
      plan(document);
      return plans.bytes - before;
    });
    assert.equal(sizes[0], sizes[1]);
  });

  it('E-9 lets 5,000 usual plans stay, beside others that are used once', () => {
    const { plans, plan } = planner();
    plan(parse('{ t { x0 x1 a1234: x2 } }'));
    // A quarter of the bound is for plans that were used once.
    assert.ok(5_000 * plans.bytes <= 0.75 * authCaches.plans.bytes, `${plans.bytes} bytes`);
    assert.ok(5_000 <= 0.75 * authCaches.plans.entries);
  });
});

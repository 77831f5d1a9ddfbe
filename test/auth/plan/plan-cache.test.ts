import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type DocumentNode, getOperationAST, parse } from 'graphql';
import { fragmentsOf } from '../../../src/auth/plan/fragments.ts';
import { cachePlans } from '../../../src/auth/plan/plan-cache.ts';

/** The bound of a cache with room for 100 plans of this test. */
const bound = { entries: 100, bytes: 16 * 1024 * 1024, grownBy: 'anyone', holds: 'plans' } as const;

/** Makes a cache, and counts how often it makes the plan of each document. */
function counted(): { readonly plan: (document: DocumentNode) => unknown; readonly made: Map<DocumentNode, number> } {
  const made = new Map<DocumentNode, number>();
  let current: DocumentNode | undefined;
  const cached = cachePlans<object>(() => {
    if (current) made.set(current, (made.get(current) ?? 0) + 1);
    return {};
  }, bound);
  return {
    made,
    plan(document) {
      current = document;
      const operation = getOperationAST(document);
      assert.ok(operation);
      return cached.planOf(operation, fragmentsOf(document));
    },
  };
}

const documents = (count: number): DocumentNode[] =>
  Array.from({ length: count }, (_, index) => parse(`{ a${index} }`, { noLocation: true }));

describe('E-9 a flood of documents does not starve the documents in use', () => {
  for (const uses of [1, 2, 3]) {
    it(`E-9 50 documents in use are planned one time, beside 5,000 that are used ${uses} times`, () => {
      const { plan, made } = counted();
      const known = documents(50);
      for (let turn = 0; turn < 3; turn += 1) known.forEach(plan);
      for (const [index, document] of documents(5_000).entries()) {
        for (let use = 0; use < uses; use += 1) plan(document);
        // Each known document is used in every tenth turn.
        for (let at = index % 10; at < known.length; at += 10) plan(known[at] as DocumentNode);
      }
      for (const document of known) assert.equal(made.get(document), 1);
    });
  }

  it('E-9 some of 400 documents that are used in turns are planned one time, though only 100 plans fit', () => {
    const { plan, made } = counted();
    const [first, others] = [documents(70), documents(330)];
    for (let turn = 0; turn < 3; turn += 1) first.forEach(plan);
    for (let turn = 0; turn < 20; turn += 1) [...first, ...others].forEach(plan);
    const once = [...made.values()].filter((count) => count === 1).length;
    assert.ok(once >= 60, `${once} documents were planned one time`);
  });

  it('E-9 a document that comes into use takes the place of one that is no longer used', () => {
    const { plan, made } = counted();
    const before = documents(100);
    for (let turn = 0; turn < 3; turn += 1) before.forEach(plan);
    const after = documents(50);
    // The new documents are used often, and the old ones never again.
    for (let turn = 0; turn < 10; turn += 1)
      for (const document of after) for (let use = 0; use < 2; use += 1) plan(document);
    const counts = after.map((document) => made.get(document) ?? 0);
    assert.ok(Math.max(...counts) <= 2, counts.join());
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type DocumentNode, parse } from 'graphql';
import { authCaches } from '../../../src/auth/caches.ts';
import { ClaimgateError } from '../../../src/errors.ts';
import { heapUsed } from '../../support/heap.ts';
import { guardOne, person } from '../../support/rules.ts';

const count = 16;
const numbers = Array.from({ length: count }, (_, index) => index);

/** Interfaces that overlap. Nested fragments can narrow to any subset of the types. */
const typeDefs = `
  ${numbers.map((n) => `interface N${n} { x(k: K): Int }`).join(' ')}
  ${numbers
    .map((n) => {
      const interfaces = numbers.filter((other) => other !== n).map((other) => `N${other}`);
      return `type T${n} implements ${interfaces.join(' & ')} { x(k: K): Int @auth(scope: "s${n} t${n}") }`;
    })
    .join(' ')}
  union U = ${numbers.map((n) => `T${n}`).join(' | ')}
  enum K { ${numbers.map((n) => `V${n} @auth(scope: "k${n}")`).join(' ')} }
  type Query { u: U @public  k(k: [K]): Int @public }
  type Mutation { u: U @public  k(k: [K]): Int @public }`;

/** Makes a document that differs from all others: it selects its own subset of types and supplies its own values. */
function hostile(index: number): string {
  const bits = numbers.filter((n) => (((index + 1) * 2_654_435_761) >>> (n % 32)) & 1);
  const narrowed = bits.reduce(
    (inside, n) => `... on N${n} { ${inside} }`,
    `... on N${index % count} { x(k: V${index % count}) }`,
  );
  const supplied = bits.map((n) => `V${n}`).join(' ');
  return `${index % 2 === 0 ? 'mutation' : 'query'} O${index} { u { ${narrowed} } k(k: [${supplied}]) }`;
}

/** Interfaces with many fields whose rules differ in each type. The plan of a field grows with the number of types. */
const manyTypes = Array.from({ length: 60 }, (_, index) => index);
const fields = (rule: string) => Array.from({ length: 20 }, (_, at) => `x${at}: Int ${rule}`).join(' ');
const wideTypeDefs = `
  interface A { ${fields('')} }
  ${manyTypes.map((n) => `type T${n} implements A { ${fields(`@auth(scope: "s${n}")`)} }`).join(' ')}
  type Query { a: A @public }`;

/**
 * Documents on `wideTypeDefs` whose plans are as large as possible for the document's length, each for a different
 * reason.
 */
const largePlans: Readonly<Record<string, (index: number) => string>> = {
  'of many fields with many rules': (index) =>
    `{ a { f${index}: x0 ${Array.from({ length: 19 }, (_, at) => `x${at + 1}`).join(' ')} } }`,
  'of many aliases': (index) => `{ a { ${Array.from({ length: 100 }, (_, at) => `f${index}_${at}: x0`).join(' ')} } }`,
  'of many fragments on one type': (index) => `{ a { f${index}: x0 ${'... on T0 { x1 } '.repeat(100)} } }`,
  'of a fragment on each type': (index) =>
    `{ a { f${index}: x0 ${manyTypes.map((n) => `... on T${n} { x1 }`).join(' ')} } }`,
};

/** Returns how many bytes this many documents take without plans. */
function sizeOf(documents: number): number {
  const before = heapUsed();
  const kept = Array.from({ length: documents }, (_, index) => parse(hostile(index), { noLocation: true }));
  const size = heapUsed() - before;
  assert.equal(kept.length, documents); // Keeps the documents referenced until they are measured.
  return size;
}

/** How many bytes may remain in addition to the caches: compiled code, and data of Node.js itself. */
const slack = 8 * 1024 * 1024;
const bound = authCaches.plans.bytes + authCaches.requiredScopes.bytes + slack;

describe('E-9 caches that live longer than a request are bounded', () => {
  it('E-9 10,000 distinct hostile documents, 1,000 of them kept, leave no more than the stated bound', async (test) => {
    const guarded = guardOne(typeDefs, { denial: 'reject' });
    const principal = person();
    const keep = 1_000;
    const kept: DocumentNode[] = [];
    const decide = (index: number): void => {
      const document = parse(hostile(index), { noLocation: true });
      if (kept.length < keep) kept.push(document);
      try {
        guarded.decideOperation({ document, principal });
      } catch (error) {
        assert.ok(error instanceof ClaimgateError, String(error));
      }
    };
    for (let index = 0; index < 100; index += 1) decide(index);
    kept.length = 0;
    await setImmediate();
    const before = heapUsed() + sizeOf(keep);
    for (let index = 0; index < 10_000; index += 1) {
      decide(index);
      if (index % 100 === 0) await setImmediate(); // A WeakRef keeps its target alive until the current job ends.
    }
    await setImmediate();
    const left = heapUsed() - before;
    test.diagnostic(`${(left / 1024 / 1024).toFixed(1)} MiB left of ${(bound / 1024 / 1024).toFixed(1)}`);
    assert.ok(kept.length === keep);
    assert.ok(left <= bound, `${left} bytes`);
  });

  const wide = guardOne(wideTypeDefs, { denial: 'reject' });
  for (const [kind, textOf] of Object.entries(largePlans)) {
    it(`E-9 plans ${kind}, all of their documents kept, take no more than the stated bound`, async (test) => {
      const principal = person();
      const documents = Array.from({ length: 260 }, (_, index) => parse(textOf(index), { noLocation: true }));
      const decide = (document: DocumentNode) => wide.decideOperation({ document, principal });
      documents.splice(0, 10).forEach(decide);
      await setImmediate();
      const before = heapUsed();
      documents.forEach(decide);
      await setImmediate();
      const grown = heapUsed() - before;
      test.diagnostic(`${(grown / 1024 / 1024).toFixed(1)} MiB for ${documents.length} documents`);
      assert.ok(grown <= authCaches.plans.bytes + slack / 4, `${grown} bytes`);
    });
  }
});

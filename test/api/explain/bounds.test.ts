import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { graphql, parse, specifiedRules, validate } from 'graphql';
import { operationSteps } from '../../../src/api/operation/operation.ts';
import { anonymous } from '../../../src/principal.ts';
import { dose } from '../../support/dose.ts';
import { heapUsed } from '../../support/heap.ts';
import { openShop } from './world.ts';

const count = dose('api/explain/bounds.test.ts');
const { guarded, policy } = openShop();
const { schema } = guarded;
const query =
  'query ($document: String!) { explainOperation(document: $document) { outcome code faults { code } elements { coordinate } } }';

async function explain(document: string) {
  const contextValue = { principal: anonymous, address: '192.0.2.1' };
  const { data, errors } = await graphql({ schema, source: query, variableValues: { document }, contextValue });
  assert.equal(errors, undefined);
  return (data as any).explainOperation;
}

/** Makes a document that differs from all others. */
const distinct = (index: number) =>
  `query Q${index} { a${index}: items(filter: { size: LARGE, secret: "${index}" }) { id ... on Book { b${index}: pages } } }`;

describe('the bounds of explainOperation', () => {
  it(`${count} distinct documents leave nothing in memory`, async (t) => {
    for (let index = 0; index < 200; index += 1) await explain(distinct(index));
    const before = heapUsed();
    for (let index = 200; index < count + 200; index += 1) await explain(distinct(index));
    const grown = heapUsed() - before;
    t.diagnostic(`${(grown / 1024).toFixed(0)} KiB after ${count} documents`);
    assert.ok(grown < 2 * 1024 * 1024, `${grown} bytes`);
  });

  it('B-16 long names make no long answer, not even where their limit is the largest and the answer repeats them', async (t) => {
    const { guarded: wide } = openShop({ limits: { nameLength: 10_000 } });
    const paths = Array.from({ length: 49 }, (_, index) => `p${index}: path`).join(' ');
    const source = `query ($document: String!) { explainOperation(document: $document) { faults { code } elementsCapped elements { ${paths} } } }`;
    const alias = (letter: string) => letter.repeat(10_000);
    const document = `{ ${alias('a')}: again { ${alias('b')}: again { items { ...g } } } } fragment g on Book { ${'pages '.repeat(90)} }`;
    const contextValue = { principal: anonymous, address: '192.0.2.1' };
    const { data } = await graphql({ schema: wide.schema, source, variableValues: { document }, contextValue });
    const { faults, elements, elementsCapped } = (data as any).explainOperation;
    assert.deepEqual([faults, elementsCapped], [[], true]);
    assert.ok(elements.length > 0);
    const { length } = JSON.stringify(data);
    t.diagnostic(`${length} characters for ${document.length} of the document, with 49 aliases`);
    assert.ok(length < 50 * 500_000, String(length));
  });

  it('an explanation of the largest documents takes about as long as their validation', async (t) => {
    const { validationRules } = operationSteps('single', policy, guarded);
    const fields = (many: number, name: string) => `{ ${`${name} `.repeat(many)} }`;
    const nested = Array.from(
      { length: 9 },
      (_, at) => `fragment f${at} on Query { ...f${at + 1} again { ...f${at + 1} } }`,
    );
    const documents: Readonly<Record<string, string>> = {
      'many fields': `{ again ${fields(3_900, 'open')} }`,
      'many guarded fields': `{ items { ... on Book ${fields(800, 'pages')} } }`,
      'many spreads of one fragment': `{ items { ${'...g '.repeat(90)} } } fragment g on Book ${fields(9, 'pages')}`,
      'fragments within fragments': `{ ...f0 } ${nested.join(' ')} fragment f9 on Query { items { id ... on Book { pages } } }`,
      'many supplied values': `{ ${Array.from({ length: 18 }, (_, at) => `i${at}: items(filter: { size: LARGE, secret: "x" }) { id }`).join(' ')} }`,
    };
    for (const [name, document] of Object.entries(documents)) {
      const begun = performance.now();
      validate(schema, parse(document), [...specifiedRules, ...validationRules]);
      const validated = performance.now() - begun;
      const again = performance.now();
      const { outcome, code } = await explain(document);
      const explained = performance.now() - again;
      t.diagnostic(
        `${name}: validation ${validated.toFixed(0)} ms, explanation ${explained.toFixed(0)} ms, ${outcome} ${code}`,
      );
      assert.ok(explained < 20 * validated + 2_000, name);
    }
  });
});

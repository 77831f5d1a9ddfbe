import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { knownCaches } from '../../src/api/operation/known/caches.ts';
import { documentBytes } from '../../src/request/document-bytes.ts';
import { heapUsed } from '../support/heap.ts';

const times = (count: number, text: string): string => Array.from({ length: count }, () => text).join(' ');
const name = 'abcdefghijklmnopqr';

/** Documents with many tokens of one kind. A list of 18 members has much room for further members. */
const documents: Readonly<Record<string, string>> = {
  fields: `{ ${times(300, name)} }`,
  aliases: `{ ${times(300, `${name}: ${name}`)} }`,
  'selections of one field': `${times(150, `{ ${name}`)} {x} ${'}'.repeat(150)}`,
  'selections of 18 fields': `{ ${times(20, `${name} { ${times(18, name)} }`)} }`,
  'one argument': `{ ${times(300, `a(${name}: 1)`)} }`,
  '18 arguments': `{ ${times(20, `a(${times(18, `${name}: "${name}"`)})`)} }`,
  'variables in use': `{ ${times(300, `a(${name}: $${name})`)} }`,
  'definitions of variables': `query (${times(300, `$${name}: [[${name}!]!]! = [1]`)}) { a }`,
  'lists in lists': `{ a(b: ${'['.repeat(300)}${']'.repeat(300)}) }`,
  'lists of one value': `{ a(b: [${times(300, '[1]')}]) }`,
  'objects in objects': `{ a(b: ${times(150, `{${name}:`)} 1 ${'}'.repeat(150)}) }`,
  'objects of one value': `{ a(b: [${times(300, '{a: A}')}]) }`,
  directives: `{ ${times(300, `a @${name}`)} }`,
  'directives with an argument': `{ ${times(300, 'a @a(b: 1)')} }`,
  spreads: `{ ${times(300, `...${name}`)} }`,
  'inline fragments': `{ ${times(300, `... on ${name} @a { a }`)} }`,
  'inline fragments in inline fragments': `{ ${times(150, '... {')} a ${'}'.repeat(150)} }`,
  fragments: times(300, `fragment ${name} on ${name} { a }`),
  operations: times(300, `query ${name} { a }`),
};

describe('E-9 the estimated size of a document', () => {
  for (const [kind, text] of Object.entries(documents)) {
    it(`E-9 is at least its size, and at most twice as much: ${kind}`, (test) => {
      const count = 12;
      const texts = Array.from({ length: count }, () => Buffer.from(text));
      parse(text);
      const before = heapUsed();
      const kept = texts.map((bytes) => parse(bytes.toString()));
      const grown = heapUsed() - before;
      const estimate = kept.reduce((sum, document) => sum + documentBytes(document, Infinity), 0);
      test.diagnostic((estimate / grown).toFixed(2));
      assert.ok(grown <= estimate, `${grown} bytes of ${estimate}`);
      assert.ok(estimate <= 2 * grown, `${grown} bytes of ${estimate}`);
    });
  }

  it('E-9 lets 5,000 small queries stay known', () => {
    const { entries, bytes } = knownCaches.knownDocuments;
    assert.ok(5_000 * documentBytes(parse('{ me { id name a1234: email } }'), bytes) <= bytes);
    assert.ok(5_000 <= 0.75 * entries);
  });
});

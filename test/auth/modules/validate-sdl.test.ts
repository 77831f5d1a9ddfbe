import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'graphql';
import { validateSDL } from 'graphql/validation/validate.js';
import { validateSdl } from '../../../src/auth/modules/validate-sdl.ts';
import { root } from '../../support/process.ts';

/** Each document breaks one rule of SDL, or is valid here and invalid in another context. */
const documents: readonly string[] = [
  'schema { query: Q } schema { query: Q } type Q { a: Int }',
  'schema { query: Q query: Q } type Q { a: Int }',
  'type A { a: Int } type A { b: Int }',
  'enum E { A A }',
  'type A { a: Int a: Int }',
  'type A { a(x: Int, x: Int): Int }',
  'directive @d(x: Int, x: Int) on OBJECT',
  'directive @d on OBJECT directive @d on FIELD',
  'type A { a: Missing }',
  'type A { a: Strin }',
  'type A @missing { a: Int }',
  'directive @d on FIELD type A @d { a: Int }',
  'directive @d on OBJECT type A @d @d { a: Int }',
  'extend type A { a: Int }',
  'extend type Strin { a: Int }',
  'input A { a: Int } extend type A { b: Int }',
  'directive @d(x: Int) on OBJECT type A @d(y: 1) { a: Int }',
  'directive @d(x: Int) on OBJECT type A @d(x: 1, x: 2) { a: Int }',
  'input I { a: Int, b: I = { a: 1, a: 2 } }',
  'directive @d(x: Int!) on OBJECT type A @d { a: Int }',
  'type A { a: Int @deprecated(why: "x") }',
  'scalar String type Query { a: String }',
  'directive @deprecated on OBJECT type Query @deprecated { a: Int }',
  'type __Schema { a: Int }',
  'type Query { a: Int } query { a(x: 1) }',
  'fragment F on Query { missing(x: 1) @include } type Query { a: Int }',
];

describe('the validation of SDL', () => {
  const schemas = readdirSync(join(root, 'schema')).map((name) => readFileSync(join(root, 'schema', name), 'utf8'));

  for (const text of [...documents, schemas.join('\n')]) {
    it(`finds what graphql-js finds in ${text.slice(0, 80).replaceAll('\n', ' ')}`, () => {
      const document = parse(text);
      const plain = (errors: readonly Error[]) => errors.map(String);
      assert.deepEqual(plain(validateSdl(document)), plain(validateSDL(document)));
    });
  }

  it('the documents break rules', () => {
    assert.ok(documents.filter((text) => validateSDL(parse(text)).length > 0).length >= 20);
  });
});

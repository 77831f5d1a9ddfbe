import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema } from 'graphql';
import { escapeMarkdown, marksOf, maxMarks } from '../../src/explorer/client/needs/marks/marks.ts';
import { createPlaces } from '../../src/explorer/client/needs/marks/places.ts';
import { element, missing, rule } from './needs-support.ts';

const schema = buildSchema(`
  type Query { me: Int, list(role: Role, where: Where, all: [Where!]): Int }
  enum Role { ADMIN USER }
  input Where { secret: Int, role: Role, inner: Where }
`);

describe('The marks in the editor', () => {
  it('cover the name, and the alias with it', () => {
    const document = '{\n  mine: me { name }\n  other\n}';
    const places = createPlaces(document, schema);
    const [aliased, plain] = marksOf(places, [
      element({ line: 2, column: 3 }),
      element({ line: 3, column: 3, decision: 'DENY' }),
    ]);
    assert.deepEqual([aliased?.column, aliased?.endColumn, aliased?.decision], [3, 11, 'ALLOW']);
    assert.deepEqual([plain?.line, plain?.column, plain?.endColumn, plain?.decision], [3, 3, 8, 'DENY']);
  });

  it('cover arguments, input fields and enum values of their field, and not those of another field', () => {
    const document =
      'query { list(role: ADMIN, where: { secret: 1, inner: { secret: 2 } }) b: list(role: USER) @include(if: true) }';
    const places = createPlaces(document, schema);
    const textOf = (coordinate: string, column = 9): string[] =>
      places({ coordinate, line: 1, column }).map((place) => document.slice(place.column - 1, place.endColumn - 1));
    assert.deepEqual(textOf('Query.list(role:)'), ['role']);
    assert.deepEqual(textOf('Role.ADMIN'), ['ADMIN']);
    assert.deepEqual(textOf('Where.secret'), ['secret', 'secret']);
    const second = document.indexOf('b: list') + 1;
    assert.deepEqual(textOf('Role.USER', second), ['USER']);
    assert.deepEqual(textOf('Role.ADMIN', second), ['b: list'], 'an input that is not written: the field');
    assert.deepEqual(textOf('Query.list(if:)', second), ['b: list']);
  });

  it('cover the inputs of fields in fragments', () => {
    const document = 'query { ...F }\nfragment F on Query {\n  list(role: ADMIN)\n}';
    const [place] = createPlaces(document, schema)({ coordinate: 'Role.ADMIN', line: 3, column: 3 });
    assert.deepEqual(place, { line: 3, column: 14, endColumn: 19 });
  });

  it('join the elements at one place, and show the strictest decision', () => {
    const marks = marksOf(createPlaces('{ me }', schema), [
      element(),
      element({ decision: 'DENY', rules: [rule({ decision: 'DENY', missing: missing({ scopes: [['admin']] }) })] }),
    ]);
    assert.equal(marks.length, 1);
    assert.equal(marks[0]?.decision, 'DENY');
    assert.deepEqual(marks[0]?.lines, [
      '✓ Query.me: this caller may',
      'Requires the scope `profile`.',
      '✗ Query.me: this caller may not',
      'Missing: the scope admin',
    ]);
  });

  it('leave out positions that the document does not have, and stay within a bound', () => {
    const elements = [element({ line: 9 }), element({ column: 99 }), element({ column: 0 })];
    assert.deepEqual(marksOf(createPlaces('{ me }', schema), elements), []);
    const document = '{ a }\n'.repeat(maxMarks + 50);
    const many = Array.from({ length: maxMarks + 50 }, (_, index) => element({ line: index + 1, column: 3 }));
    assert.equal(marksOf(createPlaces(document, null), many).length, maxMarks);
  });

  it('escape every character that Markdown could read', () => {
    const hostile =
      '[x](javascript:alert(1)) <img src=x onerror=alert(1)> `a` **b** https://evil.example &lt; www.evil.example';
    const escaped = escapeMarkdown(hostile);
    assert.doesNotMatch(escaped.replaceAll(/\\[!-/:-@[-`{-~]/g, ''), /[!-/:-@[-`{-~]/);
    assert.equal(escaped.replaceAll('\\', ''), hostile);
  });
});

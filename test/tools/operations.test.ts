import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { print } from 'graphql';
import { operationsOf, readOperations } from '../../src/tools/operations/read.ts';

const found = (files: Readonly<Record<string, string>>) =>
  operationsOf(
    Object.entries(files).map(([name, text]) => ({ name, text })),
    'given',
  );
const places = (files: Readonly<Record<string, string>>) =>
  found(files).map(({ name, id, place }) => [name, id, `${place.file}:${place.line}`]);
const fault = (files: Readonly<Record<string, string>>): string => {
  try {
    found(files);
  } catch (error) {
    assert.ok(error instanceof Error && error.name === 'ToolFault', String(error));
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  return assert.fail('no fault');
};

describe('operations of clients', () => {
  it('are found in documents, with the fragments of other files', () => {
    const files = {
      'a.graphql': '# A comment\nquery One { ...Item }\n\nmutation Two { a }',
      'b.graphql': 'fragment Item on Query { b ...Inner }',
      'c.graphql': 'fragment Inner on Query { c }',
      'schema.graphql': 'type Query { a: Int }',
    };
    assert.deepEqual(places(files), [
      ['One', null, 'a.graphql:2'],
      ['Two', null, 'a.graphql:4'],
    ]);
    const [one] = found(files);
    assert.equal(one && print(one.document).match(/fragment/g)?.length, 2);
  });

  it('are found in templates of source files, and not in comments, strings and other templates', () => {
    const code = [
      "import { gql } from '@apollo/client';",
      '// gql`query Commented { a }`',
      '/* gql`query Blocked { a }` */',
      'const text = "gql`query Quoted { a }`";',
      "const odd = 'it is \\' gql`query Escaped { a }`';",
      'const expression = /[/"`]/.test(x) ? 1 : 2 / 1;',
      'const other = `query Plain { a }`;',
      'const q = gql`',
      '  query Tagged { a ...F }',
      '  ${fragments.map((one) => `${one}}`).join("}")}',
      '`;',
      'const r = graphql(`query Called { b }`);',
      'const s = /* GraphQL */ `query Marked { c(s: "\\`") }`;',
      'const t = graphql( /* GraphQL */ `',
      '  query Both { d }`);',
      'const u = gql<Data>`query Typed { e }`;',
      'const v = `#graphql\nquery Hash { f }`;',
      "const w = <p>don't {`",
      '  query Text { a } ${one}/{two}`}</p>;',
      'const j = <b>{a}/{b}</b> / 2 > `${c}/d` ? <br /> : (x) => /`/;',
      'const x = gql`query Last { g }`;',
      'const y = gql`type Query { h: Int }`;',
      'const z = notgql`query Not { i }`;',
    ].join('\n');
    assert.deepEqual(places({ 'src/app.tsx': code, 'src/f.ts': 'export const F = gql`fragment F on Query { z }`' }), [
      ['Tagged', null, 'src/app.tsx:9'],
      ['Called', null, 'src/app.tsx:12'],
      ['Marked', null, 'src/app.tsx:13'],
      ['Both', null, 'src/app.tsx:15'],
      ['Typed', null, 'src/app.tsx:16'],
      ['Hash', null, 'src/app.tsx:18'],
      ['Last', null, 'src/app.tsx:22'],
    ]);
  });

  it('are found in manifests of graphql-codegen, Relay and Apollo', () => {
    const one = 'query One { a ...F }\nfragment F on Query { b }';
    assert.deepEqual(places({ 'persisted-documents.json': JSON.stringify({ abc: one, def: '{ c }' }, null, 2) }), [
      ['One', 'abc', 'persisted-documents.json:2'],
      [null, 'def', 'persisted-documents.json:3'],
    ]);
    const apollo = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'x1', name: 'One', type: 'query', body: one }],
    };
    assert.deepEqual(places({ 'manifest.json': JSON.stringify(apollo, null, 2) }), [['One', 'x1', 'manifest.json:6']]);
  });

  it('with a fault give one line with the file, the line and what was expected', () => {
    assert.match(fault({ 'a.graphql': 'query {\n  a(\n}' }), /^a\.graphql:3: Syntax Error/);
    assert.match(fault({ 'a.ts': '\nconst q = gql`\n  query {\n    a(\n`;' }), /^a\.ts:5: Syntax Error/);
    assert.match(fault({ 'a.ts': 'gql`query {\n a { ${x} } }`' }), /^a\.ts:2: a \$\{…\} stands inside of a selection/);
    assert.match(fault({ 'a.graphql': 'query A {\n ...Gone\n}' }), /^a\.graphql:2: expected the fragment Gone/);
    assert.match(fault({ 'a.ts': 'gql`{ a }`;\nconst a = `x' }), /^a\.ts:2: expected the end of the template literal/);
    const twice = {
      'a.graphql': '{ ...F }',
      'b.graphql': 'fragment F on Q { a }',
      'c.graphql': 'fragment F on Q { b }',
    };
    assert.match(fault(twice), /^a\.graphql:1: expected one fragment F in the given files; found 2/);
    assert.match(fault({ 'm.json': '[]' }), /^m\.json: expected a manifest of persisted operations/);
    assert.match(fault({ 'm.json': '{\n"a": "{ x }",\n"a": "{ y }" }' }), /two equal members/);
    assert.match(fault({ 'm.json': '{\n"a": 1 }' }), /^m\.json:2: expected the text of a document; found a number/);
    assert.match(
      fault({ 'm.json': '{\n\n"a": "query {" }' }),
      /^m\.json:3: Syntax Error.*\(line 1, column \d+ of the document\)/,
    );
    assert.match(fault({ 'm.json': '{"a": "query A { x } query B { y }" }' }), /expected one operation.*found 2/);
    assert.match(fault({ 'm.json': '{"format": "other", "operations": [] }' }), /another format or version/);
    assert.match(fault({ 'a.graphql': 'type A { a: Int }' }), /^given: .*found no operation/);
    assert.match(
      fault({ 'a.graphql': `{ a(x: ${'['.repeat(20_000)}${']'.repeat(20_000)}) }` }),
      /^a\.graphql:1: is nested too deep/,
    );
  });

  it('are read from files, folders and globs, each file once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'claimgate-operations-'));
    try {
      await mkdir(join(directory, 'src/deep'), { recursive: true });
      await writeFile(join(directory, 'src/deep/a.graphql'), 'query A { a }');
      await writeFile(join(directory, 'src/b.ts'), 'gql`query B { b }`');
      await writeFile(join(directory, 'src/package.json'), '{}');
      const names = async (...paths: readonly string[]) =>
        (await readOperations(paths, directory)).map(({ name, place }) => `${name} ${place.file}`);
      assert.deepEqual(await names('src'), ['B src/b.ts', 'A src/deep/a.graphql']);
      assert.deepEqual(await names('src/**/*.graphql', 'src/deep', 'src/b.ts'), ['A src/deep/a.graphql', 'B src/b.ts']);
      await assert.rejects(names('gone'), /^ToolFault: gone: expected a \.graphql file.*there is no such file/);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

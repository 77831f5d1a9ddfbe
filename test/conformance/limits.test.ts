import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { query } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** A resolver that counts its calls. The count shows that a refused document ran no resolver. */
const config = `let calls = 0;
const node = {};
export default {
  limits: { aliases: 30 },
  modules: [{
    name: 'nodes',
    typeDefs: \`
      type Knot { self: Knot nodes(first: Int, ids: [[Int]]): [Knot]
        knots: [Knot] pages(first: Int! = 20): [Knot] name: String }
      extend type Query { knot: Knot @public nodes(first: Int): [Knot] @public calls: Int @public }
    \`,
    resolvers: {
      Query: { knot: () => (calls += 1, node), nodes: () => (calls += 1, [node]), calls: () => calls },
      Knot: { self: () => node, nodes: () => [node], knots: () => [node], pages: () => [node], name: () => 'n' },
    },
  }],
};`;

let server: TestServer;
let url: string;

before(async () => {
  server = await startTestServer({ config });
  ({ url } = server);
});
after(() => server.dispose());

const many = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, i) => of(i)).join(' ');

/** Makes this many fragments. `body` gives the content of each fragment from the name of the next one. */
const fragments = (count: number, body: (next: string) => string) =>
  `${many(count, (i) => `fragment f${i} on Knot { ${body(`...f${i + 1}`)} }`)} fragment f${count} on Knot { name }`;

interface Refused {
  readonly document: string;
  readonly variables?: Record<string, unknown>;
  /** The members of the error about the limit. */
  readonly evidence: { limit: string; allowed?: number; found?: number };
}

const refused: Readonly<Record<string, Refused>> = {
  'seven thousand fragments, each in another, as many as a body holds': {
    document: `{ knot { ...f0 } } ${fragments(7_000, (next) => next)}`,
    evidence: { limit: 'tokens', allowed: 4_000 },
  },
  'ten thousand spreads of one fragment': {
    document: `{ knot { ${'...f0 '.repeat(10_000)} } } ${fragments(0, (next) => next)}`,
    evidence: { limit: 'tokens', allowed: 4_000 },
  },
  'ten thousand directives': {
    document: `{ knot { name ${'@skip(if:$s)'.repeat(10_000)} } }`,
    evidence: { limit: 'tokens', allowed: 4_000 },
  },
  'a list of a thousand nested lists': {
    document: `{ knot { nodes(ids: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { name } } }`,
    evidence: { limit: 'nesting', allowed: 60, found: 1_002 },
  },
  'four hundred fragments, each in another': {
    document: `{ knot { ...f0 } } ${fragments(400, (next) => next)}`,
    evidence: { limit: 'nesting', allowed: 60, found: 403 },
  },
  'fifty fragments that each spread the next one twice': {
    document: `{ knot { ...f0 } } ${fragments(50, (next) => `${next} ${next}`)}`,
    evidence: { limit: 'cost', allowed: 10_000, found: 2 ** 50 + 1 },
  },
  'fragments that spread the next one twice in a field': {
    document: `{ knot { ...f0 } } ${fragments(16, (next) => `self { ${next} } ${next}`)}`,
    evidence: { limit: 'depth', allowed: 15, found: 18 },
  },
  'a thousand aliases': {
    document: `{ knot { ${many(1_000, (i) => `a${i}: name`)} } }`,
    evidence: { limit: 'aliases', allowed: 30, found: 1_000 },
  },
  'an alias that each error path below it would repeat': {
    document: `{ ${'a'.repeat(100_000)}: knot { nodes { name } } }`,
    evidence: { limit: 'nameLength', allowed: 256, found: 100_000 },
  },
  'nine hundred fields of the root type': {
    document: `{ ${many(900, () => 'knot { name }')} }`,
    evidence: { limit: 'rootFields', allowed: 20, found: 900 },
  },
  'five hundred directives': {
    document: `{ knot { name ${'@skip(if:false)'.repeat(500)} } }`,
    evidence: { limit: 'directives', allowed: 50, found: 500 },
  },
  'pages of pages': {
    document: '{ nodes(first: 1000) { nodes(first: 1000) { name } } }',
    evidence: { limit: 'cost', allowed: 10_000, found: 1_001_001 },
  },
  'pages of pages by variables': {
    document: 'query ($n: Int = 1) { nodes(first: $n) { nodes(first: $n) { name } } }',
    variables: { n: 1_000 },
    evidence: { limit: 'cost', allowed: 10_000, found: 1_001_001 },
  },
  'E-8 lists whose size nothing states': {
    document: `{ knot { ${'knots { '.repeat(4)} name ${'} '.repeat(4)} } }`,
    evidence: { limit: 'cost', allowed: 10_000, found: 11_112 },
  },
  'E-8 pages whose size the schema states': {
    document: `{ knot { ${'pages { '.repeat(4)} name ${'} '.repeat(4)} } }`,
    evidence: { limit: 'cost', allowed: 10_000, found: 168_422 },
  },
  'introspection that goes round': {
    document: `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} } '.repeat(6)} } } }`,
    evidence: { limit: 'introspectionDepth', allowed: 3, found: 7 },
  },
  'introspection that goes round by fragments and aliases': {
    document: `{ s: __schema { types { ...a } } } fragment a on __Type { fields { type { ...b } } }
      fragment b on __Type { fields { type { ...c } } } fragment c on __Type { fields { type { name } } }`,
    evidence: { limit: 'introspectionDepth', allowed: 3, found: 4 },
  },
  'introspection that is wide': {
    document: `{ __schema { types { ${'name '.repeat(1_000)} } } }`,
    evidence: { limit: 'introspectionFields', allowed: 1_000, found: 1_002 },
  },
};

describe('B-16, D-3 a document beyond a limit is answered 400 with the limit, and does not run:', () => {
  for (const [name, { document, variables, evidence }] of Object.entries(refused)) {
    it(name, async () => {
      const before = await query(url, '{ calls }');
      const { status, body } = await query(url, document, variables ? { variables } : {});
      assert.equal(status, 400);
      assert.deepEqual(
        body.errors?.map(({ extensions }) => extensions),
        [{ code: 'LIMIT_EXCEEDED', ...evidence }],
      );
      assert.match(body.errors?.[0]?.message ?? '', new RegExp(`exceeds the limit "${evidence.limit}"`));
      assert.equal(body.data, undefined);
      assert.deepEqual((await query(url, '{ calls }')).body, before.body);
      // The server caches valid documents. It must not cache this one.
      assert.equal((await query(url, document, variables ? { variables } : {})).status, 400);
    });
  }

  // The parser recurses. It fails when the stack or the allowed tokens are used up.
  for (const [name, document] of Object.entries({
    'ten thousand nested fields': `{ knot { ${'self { '.repeat(10_000)} name ${'} '.repeat(10_000)} } }`,
    'ten thousand nested lists': `{ knot { nodes(ids: ${'['.repeat(10_000)}`,
    'as many nested lists as the allowed tokens permit': `{ knot { nodes(ids: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { name } } }`,
  })) {
    it(name, async () => {
      const { status, body } = await query(url, document);
      assert.equal(status, 400);
      assert.equal(body.errors?.length, 1);
      const { code, limit } = body.errors[0]?.extensions ?? {};
      assert.equal(code, 'LIMIT_EXCEEDED', JSON.stringify(body.errors));
      assert.ok(limit === 'nesting' || limit === 'tokens');
    });
  }

  it('the same document with other variables is decided again', async () => {
    const document = 'query ($n: Int) { nodes(first: $n) { name } }';
    for (const [n, status] of [
      [10, 200],
      [100_000, 400],
      [10, 200],
    ] as const) {
      assert.equal((await query(url, document, { variables: { n } })).status, status);
    }
  });
});

describe('D-3 the queries of tools are answered', () => {
  it('the introspection query of graphql-js, of GraphiQL and of Apollo Sandbox', async () => {
    for (const options of [
      {},
      // The options that GraphiQL 5 and Apollo Sandbox use.
      { inputValueDeprecation: true, schemaDescription: true },
      {
        inputValueDeprecation: true,
        schemaDescription: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        oneOf: true,
      },
    ]) {
      const { status, body } = await query(url, getIntrospectionQuery(options));
      assert.equal(status, 200, JSON.stringify(body.errors));
      assert.equal(body.data.__schema.queryType.name, 'Query');
    }
  });

  it('a document that nearly reaches every limit except one', async () => {
    const document = `{ ${many(15, (i) => `a${i}: knot { self { self { self { name } } } }`)} nodes(first: 3000) { name self { name } } }`;
    assert.equal((await query(url, document)).status, 200);
  });
});

describe("D-3 a form of another site's is refused and runs nothing:", () => {
  const document = '{ knot { name } }';
  const multipart = `--b\r\ncontent-disposition: form-data; name="query"\r\n\r\n${document}\r\n--b--\r\n`;
  for (const [type, body] of [
    ['application/x-www-form-urlencoded', new URLSearchParams({ query: document }).toString()],
    ['multipart/form-data; boundary=b', multipart],
    ['text/plain', JSON.stringify({ query: document })],
  ] as const) {
    it(type, async () => {
      const before = await query(url, '{ calls }');
      const headers = { 'content-type': type, origin: 'https://evil.example' };
      const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
      assert.equal(response.status, 415);
      assert.deepEqual((await query(url, '{ calls }')).body, before.body);
    });
  }
});

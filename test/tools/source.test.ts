import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { createGuardedSchema } from '../../src/index.ts';
import { authDirectives } from '../../src/auth/directive.ts';
import { placeOf, type RuleSource, sourceOfGuarded } from '../../src/tools/source/rule-source.ts';
import { openSource } from '../../src/tools/source/open.ts';
import { startTestServer } from '../support/server.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'claimgate-tools-'));
});
after(() => rm(directory, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}
const open = (name: string, server = {}) => openSource(name, { directory, server });
const fault = async (name: string, server = {}): Promise<string> => {
  const error = await open(name, server).then(
    () => assert.fail(`${name} was opened`),
    (reason: Error) => reason,
  );
  assert.equal(error.name, 'ToolFault', error.stack);
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
};
const rulesOf = ({ rules }: RuleSource) => rules.map(({ coordinate, source }) => `${coordinate} ${source}`);

describe('a schema as a source', () => {
  it('reads a file, a folder and a glob of SDL as one schema, with the place of each element', async () => {
    await write({
      'api/query.graphql': 'type Query {\n  orders: [Order!]! @auth(scope: "orders:read")\n  open: Int @public\n}',
      'api/types/order.graphql':
        'type Order {\n  item: String\n  total: Int @auth(policy: "office", owner: "item")\n}\nextend type Query { late: Int }',
      'api/node_modules/x.graphql': 'broken',
    });
    for (const name of ['api', 'api/**/*.graphql']) {
      const source = await open(name);
      assert.deepEqual(rulesOf(source), [
        'Query.orders @auth(scope: "orders:read")',
        'Order.total @auth(policy: "office", owner: "item")',
      ]);
      assert.deepEqual([...source.publicFields], ['Query.open']);
      assert.deepEqual(placeOf(source, 'Order.total'), { file: 'api/types/order.graphql', line: 3 });
      assert.deepEqual(placeOf(source, 'Order'), { file: 'api/types/order.graphql', line: 1 });
      assert.match(source.startFaults.join(), /Query\.late.*neither @auth nor @public/);
    }
  });

  it('reads the rules of Apollo with the meaning of its router', async () => {
    await write({
      'apollo.graphql': `
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@authenticated", { name: "@requiresScopes", as: "@scopes" }, "@policy"])
        type Query {
          me: User @authenticated
          users: [User!]! @scopes(scopes: [["read:users", "read:all"], ["admin"]])
          one: User @policy(policies: [["a", "b"]]) @authenticated
          any: User @policy(policies: [["a"], ["b", "c"]])
          none: Int @federation__requiresScopes(scopes: "x")
          loose: Int @scopes(scopes: [[], ["y"]])
        }
        type User @key(fields: "id") { id: ID! }`,
    });
    assert.deepEqual(rulesOf(await open('apollo.graphql')), [
      'Query.me @auth',
      'Query.users @auth(scope: ["read:users read:all", "admin"])',
      'Query.one @auth(policy: ["a", "b"])',
      'Query.one @auth',
      'Query.any @auth(anyOf: [{policy: ["a"]}, {policy: ["b", "c"]}])',
      'Query.none @auth(scope: ["x"])',
      'Query.loose @auth',
    ]);
  });

  it('leaves directives of the team with the names of Apollo alone', async () => {
    await write({
      'team.graphql': `directive @policy(name: String!) on FIELD_DEFINITION
        directive @authenticated on FIELD_DEFINITION
        type Query { a: Int @policy(name: "x") @authenticated }`,
    });
    assert.deepEqual(rulesOf(await open('team.graphql')), ['Query.a @auth']);
  });

  it('refuses a rule of a server for an element that introspection does not show', async () => {
    const schema = buildSchema(
      'type Query { schemaRules(first: Int!, after: String): Page } type Page { endCursor: String nodes: [Int] }',
    );
    const rule = { coordinate: 'Query.hidden', kind: 'FIELD', source: '@auth', shadow: false };
    const send = (_url: URL, { body }: { body: string }) => {
      const data = body.includes('__schema')
        ? introspectionFromSchema(schema)
        : { rules: { endCursor: null, nodes: [rule] } };
      return Promise.resolve(Response.json({ data }));
    };
    assert.match(
      await fault('http://127.0.0.1/graphql', { fetch: send }),
      /schemaRules has a rule of Query\.hidden, which introspection does not show/,
    );
    rule.source = '@auth(scope: 1)';
    assert.match(await fault('http://127.0.0.1/graphql', { fetch: send }), /found one that cannot be read/);
    rule.source = '@auth @public';
    assert.match(await fault('http://127.0.0.1/graphql', { fetch: send }), /found one that cannot be read/);
  });

  it('reads directives under other names, and a schema that prints their definitions', async () => {
    await write({
      'printed.graphql': `${authDirectives}\ntype Query { a: Int @auth(scope: "a") }`,
      'renamed.graphql': `${authDirectives.replaceAll('@auth', '@claims').replaceAll('AuthMode', 'ClaimsMode').replaceAll('AuthRule', 'ClaimsRule').replaceAll('ClaimRule', 'ClaimsClaimRule')}
        directive @tag(name: String) on FIELD_DEFINITION
        type Query { a: Int @claims(scope: "a") @tag(name: "x") }`,
      'taken.graphql':
        'enum AuthMode { A } type ClaimRule { a: Int } type Query { mode: AuthMode @authenticated rule: ClaimRule }',
    });
    assert.deepEqual(rulesOf(await open('printed.graphql')), ['Query.a @auth(scope: "a")']);
    assert.deepEqual(rulesOf(await open('renamed.graphql')), ['Query.a @claims(scope: "a")']);
    assert.deepEqual(rulesOf(await open('taken.graphql')), ['Query.mode @auth']);
  });

  it('names the file, the line and what was expected in one line', async () => {
    await write({
      'empty/readme.txt': '',
      'syntax.graphql': 'type Query {\n  a: Int\n  b(: Int\n}',
      'unknown.graphql': 'type Query {\n  a: Nothing\n}',
      'misspelled.graphql': 'type Query {\n  a: Int\n  b: Int @atuh(scope: "a")\n}',
      'foreign.graphql': 'type Query {\n  b: Int @guarded\n}',
      'scope.graphql': 'type Query {\n\n  b: Int @auth(scope: "a  b")\n}',
      'argument.graphql': 'type Query {\n  b: Int @auth(scopes: "a")\n}',
      'apollo-bad.graphql': 'type Query {\n  b: Int @requiresScopes(scopes: [[1]])\n}',
      'operation.graphql': 'type Query { a: Int }\nquery { a }',
      'rootless.graphql': 'type A { a: Int }',
      'deep.graphql': `type Query { a(x: Int = ${'['.repeat(30_000)}): Int }`,
    });
    assert.match(await fault('nothing.graphql'), /^nothing\.graphql: expected an SDL file.*there is no such file/);
    assert.match(await fault('empty'), /^empty: expected an SDL file.*no file ends with \.graphql/);
    assert.match(await fault('none/*.graphql'), /^none\/\*\.graphql: .*no file matches/);
    assert.match(await fault('syntax.graphql'), /^syntax\.graphql:3: Syntax Error/);
    assert.match(await fault('unknown.graphql'), /^unknown\.graphql:2: Unknown type "Nothing"/);
    assert.match(
      await fault('misspelled.graphql'),
      /^misspelled\.graphql:3: unknown directive @atuh; the nearest is @auth$/,
    );
    assert.match(await fault('foreign.graphql'), /^foreign\.graphql:2: .*expected its definition/);
    assert.match(await fault('scope.graphql'), /^scope\.graphql:3: Query\.b: @auth has the scope "a {2}b"; expected/);
    assert.match(
      await fault('argument.graphql'),
      /^argument\.graphql:2: Unknown argument "scopes".*Did you mean "scope"/,
    );
    assert.match(
      await fault('apollo-bad.graphql'),
      /^apollo-bad\.graphql:2: @requiresScopes: expected scopes: \[\["one"/,
    );
    assert.match(await fault('operation.graphql'), /^operation\.graphql:2: expected definitions of a schema/);
    assert.match(await fault('rootless.graphql'), /^rootless\.graphql: Query root type/);
    assert.match(await fault('deep.graphql'), /^deep\.graphql/);
  });

  it('reads a file and a folder of a git revision', async () => {
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: directory,
        stdio: 'pipe',
      });
    git('init', '-q');
    await write({ 'kept/a.graphql': 'type Query { a: Int @auth(scope: "old") }', 'kept/note.md': '' });
    git('add', 'kept');
    git('commit', '-q', '-m', 'one');
    await write({ 'kept/a.graphql': 'type Query { a: Int @auth(scope: "new") }' });
    assert.deepEqual(rulesOf(await open('git:HEAD:kept/a.graphql')), ['Query.a @auth(scope: "old")']);
    const folder = await open('git:HEAD:kept');
    assert.deepEqual(rulesOf(folder), ['Query.a @auth(scope: "old")']);
    assert.deepEqual(placeOf(folder, 'Query.a'), { file: 'git:HEAD:kept/a.graphql', line: 1 });
    assert.match(await fault('git:nowhere:kept'), /^git:nowhere:kept: expected a revision and a path that git knows/);
    assert.match(await fault('git:HEAD:gone.graphql'), /has no such file/);
    assert.match(await fault('git:HEAD'), /expected git:REVISION:PATH/);
    assert.match(await fault('git:--output=x:kept'), /expected git:REVISION:PATH/);
  });

  it('reads a guarded schema: its root fields without a rule are public on purpose', () => {
    const typeDefs = 'type Query { a: Int @auth(scope: "a")  b: Int @public }';
    const source = sourceOfGuarded('mine', createGuardedSchema({ modules: [{ name: 'one', typeDefs }] }));
    assert.deepEqual([...source.publicFields], ['Query.b']);
    assert.deepEqual(rulesOf(source), ['Query.a @auth(scope: "a")']);
  });

  it('reads the schema and the rules of a running server, and the same rules as from its modules', async () => {
    const server = await startTestServer({
      config: `export default { scopes: { 'orders:read': { description: 'x' } }, policies: { office: (all) => all.map(() => true) },
        modules: [{ name: 'shop', typeDefs: \`
          extend type Query { orders(owner: ID): [Order!]! @auth(scope: "orders:read", anyOf: [{ owner: "$owner" }, { policy: "office", maxAge: 60 }]) }
          type Order { item: String @auth(claims: [{ claim: ["a", "b"], oneOf: ["1"] }, { claim: "c", exists: true }], acr: "urn:x")  late: Int @auth(mode: SHADOW) }\` }] };`,
    });
    try {
      const source = await open(`${server.url}/graphql`);
      const own = source.rules.filter(({ coordinate }) => /orders|Order\./.test(coordinate));
      assert.deepEqual(
        own.map(({ coordinate, mode, requirement, anyOf }) => ({ coordinate, mode, requirement, anyOf })),
        [
          {
            coordinate: 'Query.orders',
            mode: 'ENFORCE',
            requirement: { scope: [['orders:read']], claims: [], owner: null, policies: [], maxAge: null, acr: null },
            anyOf: [
              {
                scope: [[]],
                claims: [],
                owner: { kind: 'argument', name: 'owner' },
                policies: [],
                maxAge: null,
                acr: null,
              },
              { scope: [[]], claims: [], owner: null, policies: ['office'], maxAge: 60, acr: null },
            ],
          },
          {
            coordinate: 'Order.item',
            mode: 'ENFORCE',
            requirement: {
              scope: [[]],
              claims: [
                { claim: ['a', 'b'], operator: 'oneOf', values: ['1'] },
                { claim: ['c'], operator: 'exists' },
              ],
              owner: null,
              policies: [],
              maxAge: null,
              acr: ['urn:x'],
            },
            anyOf: [],
          },
          {
            coordinate: 'Order.late',
            mode: 'SHADOW',
            requirement: { scope: [[]], claims: [], owner: null, policies: [], maxAge: null, acr: null },
            anyOf: [],
          },
        ],
      );
      assert.ok(source.publicFields.has('Query.schemaRules'));
      assert.ok(!source.publicFields.has('Query.orders'));
      assert.equal(placeOf(source, 'Order.item'), null);
    } finally {
      await server.dispose();
    }
  });

  it('names a server without the values of its query, because they can be secret', async () => {
    const schema = buildSchema(
      'type Query { schemaRules(first: Int!, after: String): Page } type Page { endCursor: String nodes: [Int] }',
    );
    const send = (url: URL, { body }: { body: string }) => {
      assert.equal(url.search, '?key=secret');
      const rules = { endCursor: null, nodes: [] };
      return Promise.resolve(
        Response.json({ data: body.includes('__schema') ? introspectionFromSchema(schema) : { rules } }),
      );
    };
    const { name } = await open('http://127.0.0.1/graphql?key=secret', { fetch: send });
    assert.equal(name, 'http://127.0.0.1/graphql?key=…');
  });

  it('refuses files of a git revision that have more than 64 MiB together', async () => {
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        cwd: join(directory, 'large'),
      });
    const half = `type A { b: Int }${' '.repeat(33 * 1_048_576)}`;
    await write({ 'large/one/a.graphql': half, 'large/one/b.graphql': half });
    git('init', '-q');
    git('add', 'one');
    git('commit', '-q', '-m', 'one');
    const opened = openSource('git:HEAD:one', { directory: join(directory, 'large') });
    await assert.rejects(opened, /git:HEAD:one: has more than 67108864 bytes/);
  });

  it('refuses a server that is slow, long, another program, or needs a token, in one line', async () => {
    const answers: Readonly<Record<string, [number, string] | null>> = {
      '/slow': null,
      '/long': [200, `{"data":{"x":"${'x'.repeat(5_000)}"}}`],
      '/html': [200, '<html>'],
      '/closed': [401, '{"errors":[{"message":"Send a token.\\nNow"}]}'],
      '/moved': [302, ''],
      '/other': [200, '{"data":{"__schema":{}}}'],
      '/invalid': [
        200,
        JSON.stringify({ data: introspectionFromSchema(buildSchema('type Query { aa: Int }')) }).replaceAll(
          '"aa"',
          '"__a"',
        ),
      ],
      '/ruleless': [200, JSON.stringify({ data: introspectionFromSchema(buildSchema('type Query { a: Int }')) })],
    };
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ''];
      if (!answer) return;
      response.writeHead(answer[0], { location: '/html' }).end(answer[1]);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      assert.match(await fault(`${url}/slow`, { timeLimitMs: 100 }), /gave no answer in 100 ms/);
      assert.match(await fault(`${url}/long`, { maxBytes: 1_000 }), /answered more than 1000 bytes/);
      assert.match(await fault(`${url}/html`), /answered 200 without JSON/);
      assert.match(await fault(`${url}/closed`), /\(401\): Send a token\.\\nNow; .*--token-from NAME/);
      assert.match(await fault(`${url}/moved`), /answered 302 without JSON/);
      assert.match(await fault(`${url}/other`), /expected a valid schema as the answer to an introspection query/);
      assert.match(
        await fault('http://api.example.com/graphql', { token: 'secret' }),
        /expected https, because a token/,
      );
      assert.match(await fault('http://ann:secret@127.0.0.1/'), /^http:\/\/…@127\.0\.0\.1\/: expected a URL without/);
      assert.match(await fault('http://127.0.0.1:1/'), /the connection failed/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

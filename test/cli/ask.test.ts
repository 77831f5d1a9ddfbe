import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Registration } from '../../src/identity/applications/application.ts';
import { registerApplication } from '../../src/identity/applications/applications.ts';
import { openDatabase } from '../../src/store/database.ts';
import { claimgate } from '../support/cli.ts';
import { projectFolder } from '../support/process.ts';

describe('claimgate explain and coverage', () => {
  let folder: Awaited<ReturnType<typeof projectFolder>>;
  before(async () => {
    folder = await projectFolder();
    // A timer holds the process, like a pool of connections.
    await writeFile(
      join(folder.path, 'claimgate.config.ts'),
      `setInterval(() => {}, 60_000);
      export default {
        scopes: { 'orders:read': { description: 'x' } },
        modules: [{ name: 'shop', typeDefs: 'extend type Query { orders: Int @auth(scope: "orders:read") }' }],
      };`,
    );
    await writeFile(join(folder.path, 'a.graphql'), 'query Mine { orders viewer { subject } }');
  });
  after(() => folder.remove());
  const explain = (...args: readonly string[]) => claimgate(['explain', ...args], { cwd: folder.path });

  it('explains operations against the project in the working directory, and ends', async () => {
    const { code, out, err } = await explain('a.graphql');
    assert.equal(code, 0, err);
    assert.match(out, /^Mine {2}a\.graphql:1\n {2}needs {5}orders:read\n {2}asked by {2}Query\.orders/);
  });

  it('fails with 1 for findings, and with 2 and one line for a wrong option or file', async () => {
    const [missing, wrong, file] = await Promise.all([
      explain('a.graphql', '--check', '--scopes', 'openid'),
      explain('a.graphql', '--chekc'),
      explain('gone.graphql', '--json'),
    ]);
    assert.equal(missing.code, 1, missing.err);
    assert.equal(missing.err, 'claimgate explain: a.graphql:1: the client lacks orders:read for Mine\n');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /--chekc.*; the nearest is --check;/);
    assert.deepEqual([file.code, file.out], [2, '']);
    assert.match(file.err, /^claimgate explain: gone\.graphql: expected [^\n]*\n$/);
  });

  it('reads the scopes of an application from the database, by its client ID or its name', async () => {
    const url = `file:${join(folder.path, 'data.db')}`;
    const store = await openDatabase(url);
    const registration: Registration = {
      name: 'Web shop',
      tokenEndpointAuthMethod: 'none',
      applicationType: 'web',
      redirectUris: ['https://app.example/callback'],
      scopes: ['openid', 'grants'],
      registeredBy: null,
      grantTypes: ['authorization_code'],
      keys: null,
      dpopBoundAccessTokens: false,
      requirePushedAuthorizationRequests: false,
      postLogoutRedirectUris: [],
    };
    await registerApplication(store, registration, 1_000, 'shop');
    await store.destroy();
    const check = (application: string) =>
      claimgate(['explain', 'a.graphql', '--check', '--application', application], {
        cwd: folder.path,
        env: { DATABASE_URL: url },
      });
    const [byId, byName, none] = await Promise.all([check('shop'), check('Web shop'), check('shap')]);
    assert.equal(byId.err, byName.err);
    assert.equal(
      byName.err,
      'claimgate explain: a.graphql:1: Web shop lacks orders:read for Mine\n' +
        'claimgate explain: Web shop has more than it needs: without grants, every operation has the scopes that it needs\n',
    );
    assert.deepEqual([byId.code, none.code], [1, 2]);
    assert.match(none.err, /^claimgate explain: --application: expected a client ID or the name[^\n]*\n$/);
  });

  it('writes a coverage page, and no other file without a yes', async () => {
    const coverage = (...args: readonly string[]) => claimgate(['coverage', ...args], { cwd: folder.path });
    await writeFile(join(folder.path, 'schema.graphql'), 'type Query { a: Int @auth }');
    await writeFile(join(folder.path, 'mine.html'), '<p>Mine</p>');
    await writeFile(join(folder.path, 'bad.graphql'), 'type Query {\n a: Int @auht\n}');
    const [first, other, bad, gone] = await Promise.all([
      coverage('--html', 'out.html', '--scopes', 'orders:read'),
      coverage('--html', 'mine.html', '--schema', 'schema.graphql'),
      coverage('--html', 'bad.html', '--schema', 'bad.graphql'),
      coverage('--html', 'gone/out.html', '--schema', 'schema.graphql'),
    ]);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^Wrote out\.html: /);
    assert.equal(other.code, 2);
    assert.match(
      other.err,
      /^claimgate coverage: --html mine\.html: the file exists and is no earlier report.*--yes\n$/,
    );
    assert.equal(bad.code, 2);
    assert.equal(bad.err, 'claimgate coverage: bad.graphql:2: unknown directive @auht; the nearest is @auth\n');
    assert.match(gone.err, /expected a folder that exists/);
    const again = await coverage('--html', 'out.html', '--schema', 'schema.graphql');
    assert.equal(again.code, 0, again.err);
    const pages = (await readdir(folder.path)).filter((name) => name.endsWith('.html') || name.endsWith('.new'));
    assert.deepEqual(pages.toSorted(), ['mine.html', 'out.html']);
    assert.match(await readFile(join(folder.path, 'out.html'), 'utf8'), /Coverage of schema\.graphql/);
  });

  it('I17-3 covers the trusted documents of a project, and checks its open fields', async () => {
    await writeFile(join(folder.path, 'm.json'), '{\n"o": "query Orders { orders }",\n"v": "{ scopes { name } }" }');
    await writeFile(join(folder.path, 'open.graphql'), 'type Query { a: Int @public  b: Int @auth }');
    await writeFile(join(folder.path, 'accepted.json'), '{ "Query.a": "every caller" }');
    await writeFile(
      join(folder.path, 'trusted.config.mjs'),
      `export default { trustedDocuments: 'm.json', modules: [{ name: 'shop', typeDefs:
        'extend type Query { orders: Int @auth(scope: "grants") }' }] };`,
    );
    const coverage = (args: readonly string[], env = {}) => claimgate(['coverage', ...args], { cwd: folder.path, env });
    const schema = ['--schema', 'open.graphql'];
    const [trusted, given, open, accepted, ...wrong] = await Promise.all([
      coverage(['--scopes', 'grants'], { CLAIMGATE_CONFIG: 'trusted.config.mjs' }),
      coverage(['--schema', 'open.graphql', '--operations', 'a.graphql']),
      coverage([...schema, '--check', '--json']),
      coverage([...schema, '--check', '--allow', 'accepted.json']),
      coverage([...schema, '--allow', 'accepted.json']),
      coverage([...schema, '--check', '--scopes', 'a']),
      coverage([...schema, '--check', '--allow', 'm.json', '--html', 'x.html']),
      coverage([...schema, '--check', '--allow', 'gone.json']),
    ]);
    assert.equal(trusted.code, 0, trusted.err);
    assert.match(
      trusted.out,
      /\noperation +runs +needs +place\nOrders +yes +grants +m\.json:2\nv +yes +nothing +m\.json:3\n/,
    );
    assert.deepEqual([given.code, given.out], [2, '']);
    assert.match(given.err, /^claimgate coverage: a\.graphql:1: Cannot query field "orders"/);
    assert.equal(open.code, 1);
    assert.deepEqual(JSON.parse(open.out).toAllow, { 'Query.a': 'every caller' });
    assert.match(
      open.err,
      /^claimgate coverage: Query\.a is public, read by every caller; guard it, or accept it with/,
    );
    assert.deepEqual(
      [accepted.code, accepted.out],
      [0, 'Every field that is public or bare is accepted.\n'],
      accepted.err,
    );
    assert.deepEqual(
      wrong.map(({ code, out, err }) => [code, out, err.split('\n').length]),
      wrong.map(() => [2, '', 2]),
    );
    assert.match(
      wrong[3]?.err ?? '',
      /gone\.json: there is no such file; to make it, save the object toAllow of claimgate coverage --check --json\n$/,
    );
  });

  it('reports texts of a file and of a schema so that they control neither the terminal nor the log', async () => {
    await writeFile(
      join(folder.path, 'raw.graphql'),
      'type Query { a: A @auth(claims: [{ claim: "t", oneOf: ["\u009b31m\u202e"] }]) } type A { b: Int }',
    );
    const raw = { 'Query.gone\n::error::forged': '\u001b[31m', 'Query.a': '\u009b' };
    await writeFile(join(folder.path, 'raw.json'), JSON.stringify(raw));
    const all = await Promise.all([
      claimgate(['coverage', '--schema', 'raw.graphql', '--check', '--allow', 'raw.json'], { cwd: folder.path }),
      claimgate(['diff', 'raw.graphql', 'raw.graphql', '--allow', 'raw.json'], { cwd: folder.path }),
    ]);
    for (const { out, err } of all) {
      assert.match(err, /Query\.gone\\n::error::forged/);
      assert.doesNotMatch(`${out}${err}`.replaceAll('\n', ''), /\p{C}/u);
      for (const line of err.trimEnd().split('\n')) assert.match(line, /^claimgate (?:coverage|diff): /);
    }
    assert.match(all[0]?.err ?? '', /A\.b is bare, read by claim t in \["\\u\{9b\}31m\\u\{202e\}"\]/);
  });

  it('compares two schemas: 0 no widening, 1 widenings, 2 wrong input', async () => {
    await writeFile(join(folder.path, 'old.graphql'), 'type Query { orders: Int @auth(scope: "orders:read x") }');
    await writeFile(join(folder.path, 'new.graphql'), 'type Query { orders: Int @auth(scope: "orders:read") }');
    await writeFile(join(folder.path, 'allow.json'), '{ "Query.orders": "orders:read", "Query.gone": "a token" }');
    await writeFile(join(folder.path, 'wrong.json'), '{\n "Query.orders": 1 }');
    const diff = (...args: readonly string[]) => claimgate(['diff', ...args], { cwd: folder.path });
    const project = 'claimgate.config.ts';
    const [wider, accepted, same, ...wrong] = await Promise.all([
      diff('old.graphql', 'new.graphql', '--json'),
      diff('old.graphql', '--schema', 'new.graphql', '--allow', 'allow.json'),
      diff(project, '--markdown'),
      diff(),
      diff('old.graphql', 'new.graphql', 'third'),
      diff('old.graphql', 'new.graphql', '--allow', 'wrong.json'),
      diff('old.graphql', 'gone.graphql'),
      diff('https://a.example/graphql', 'https://b.example/graphql', '--token-from', 'PATH'),
    ]);
    assert.deepEqual([wider.code, wider.err], [1, 'claimgate diff: 1 widening not accepted\n']);
    const { toAllow } = JSON.parse(wider.out) as { readonly toAllow: unknown };
    assert.deepEqual(toAllow, { 'Query.orders': 'orders:read' });
    const stale = 'claimgate diff: allow.json: Query.gone: no widening; remove the entry\n';
    assert.deepEqual([accepted.code, accepted.err], [0, stale]);
    assert.deepEqual([same.code, same.err], [0, '']);
    assert.deepEqual(
      wrong.map(({ code, out, err }) => [code, out, err.split('\n').length]),
      wrong.map(() => [2, '', 2]),
    );
    assert.match(wrong[2]?.err ?? '', /wrong\.json:2: Query\.orders: expected the rule as a text/);
    assert.match(wrong[4]?.err ?? '', /--token-from: two servers would receive the token/);
  });

  it("17.2 diff leaves out Claimgate's own fields, which the SDL of a team does not have, and no field of the team", async () => {
    const sdl = 'type Query { orders: Int @auth(scope: "orders:read") }';
    const config = (more: string, extra = '') =>
      `export default { ${extra} scopes: { 'orders:read': { description: 'x' } }, modules: [{ name: 'shop',
        typeDefs: ${JSON.stringify(`extend type Query { orders: Int @auth(scope: "orders:read") } ${more}`)} }] };`;
    const files = {
      'team.graphql': sdl,
      'same.config.mjs': config(''),
      // The server then has no field of this name of its own.
      'taken.config.mjs': config('extend type Query { explainOperation: Int @public }', 'identityApi: false,'),
      // The field is behind a public field of Claimgate.
      'extended.config.mjs': config('extend type Scope { secret: Int }'),
      'scopes.graphql': sdl.replace('}', 'scopes: Int @public }'),
      'explain.graphql': `${sdl.replace('}', 'explainOperation: Int @public }')} type OperationExplanation { a: Int }`,
      'none/claimgate.config.mjs': config('type OperationExplanation { a: Int }', 'identityApi: false,'),
    };
    await mkdir(join(folder.path, 'none'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
    const diff = async (args: readonly string[], config?: string) => {
      const env = config === undefined ? {} : { CLAIMGATE_CONFIG: config };
      const { code, out, err } = await claimgate(['diff', ...args, '--json'], { cwd: folder.path, env });
      assert.notEqual(out, '', err);
      const { changes, toAllow } = JSON.parse(out);
      return { code, coordinates: changes.map((one: any) => one.coordinate), toAllow: Object.keys(toAllow) };
    };
    const [same, back, taken, extended, two, none] = await Promise.all([
      diff(['team.graphql'], 'same.config.mjs'),
      diff(['claimgate.config.ts', 'team.graphql']),
      diff(['team.graphql'], 'taken.config.mjs'),
      diff(['team.graphql'], 'extended.config.mjs'),
      diff(['team.graphql', 'scopes.graphql']),
      diff(['none/claimgate.config.mjs', 'explain.graphql']),
    ]);
    assert.deepEqual(same, { code: 0, coordinates: [], toAllow: [] });
    assert.deepEqual(back, { code: 0, coordinates: [], toAllow: [] });
    assert.deepEqual(taken, { code: 1, coordinates: ['Query.explainOperation'], toAllow: ['Query.explainOperation'] });
    assert.ok(
      extended.code === 1 && extended.coordinates.some((one: string) => one.endsWith('.secret')),
      JSON.stringify(extended),
    );
    assert.deepEqual(two.toAllow, ['Query.scopes']);
    assert.deepEqual(none.toAllow, ['Query.explainOperation']);
  });
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'graphql';
import { createLogger } from '../../src/observe/log.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { anonymous } from '../../src/principal.ts';
import { createRecording } from '../../src/server/replay/recording.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createGuardedSchema } from '../../src/auth/schema.ts';
import { principalFor } from '../support/callers.ts';
import { claimgate } from '../support/cli.ts';
import { onDatabase, type TestDatabase } from '../support/databases.ts';
import { projectFolder } from '../support/process.ts';

const keys = [1, 2].map((byte) => Buffer.alloc(32, byte));
const [key = '', other = ''] = keys.map((one) => one.toString('base64'));
const typeDefs = 'type Query { orders: Int @auth(scope: "orders:read") open: Int @public old: Int @public }';

/** Records each operation two times of one caller, and one time of a caller without a token. */
async function record(database: TestDatabase, texts: readonly string[]): Promise<void> {
  const store = await openDatabase(database.url);
  const guarded = createGuardedSchema({ modules: [{ name: 'shop', typeDefs }] });
  const recording = createRecording(
    { replay: { retentionDays: 7, maxRows: 10_000, claims: [] }, encryptionKeys: [keys[0]!] },
    guarded,
    { store, log: createLogger('silent').log, metrics: createMetrics(false) },
  );
  const [check] = recording!.steps({
    checks: [],
    parseOptions: {},
    validationRules: [],
    schema: guarded.schema,
  }).checks;
  const reader = principalFor({ scopes: ['orders:read'] });
  for (const text of texts) {
    const document = parse(text);
    for (const principal of [reader, reader, anonymous]) check!.check({ document, principal });
  }
  await recording!.flush();
  await store.destroy();
}

onDatabase('SQLite', (kind) => {
  describe('claimgate replay', () => {
    let folder: Awaited<ReturnType<typeof projectFolder>>;
    let database: TestDatabase;
    before(async () => {
      folder = await projectFolder();
      database = await kind.create();
      const config = (replay: string) =>
        `export default { identityApi: false, replay: ${replay}, scopes: { 'orders:read': { description: 'x' } },
          modules: [{ name: 'shop', typeDefs: ${JSON.stringify(typeDefs.replace('type', 'extend type'))} }] };`;
      await writeFile(join(folder.path, 'claimgate.config.ts'), config('true'));
      await writeFile(join(folder.path, 'off.config.ts'), config('false'));
      const files = {
        'narrow.graphql': 'type Query { orders: Int @auth(scope: "orders:write") open: Int @public }',
        'wide.graphql': 'type Query { orders: Int @public open: Int @public old: Int @public }',
        'bad.graphql': 'type Query {\n  orders: Int @auht\n}',
        'allow.json':
          '{ "Query.orders": "orders:write", "Query.gone": "a token", "query Old{old}": "not valid", "{ gone }": "not valid" }',
        'denials.json': '{ "Query.orders": "orders:write", "query Old{old}": "gone" }',
        'wrong.json': '{\n  "Query.orders": 1\n}',
        'list.json': '[]',
      };
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
      const texts = ['query Mine { orders }', '{ open }', 'query Old { old }'];
      await record(database, texts);
    });
    after(async () => {
      await database.drop();
      await folder.remove();
    });
    const replay = (args: readonly string[], env: Record<string, string> = {}) =>
      claimgate(['replay', ...args], {
        cwd: folder.path,
        env: { DATABASE_URL: database.url, CLAIMGATE_KEY: key, ...env },
      });

    it('counts the requests that would be denied anew, by client and operation, and fails with 1', async () => {
      const [text, json, markdown] = await Promise.all([
        replay(['narrow.graphql']),
        replay(['narrow.graphql', '--json']),
        replay(['narrow.graphql', '--markdown']),
      ]);
      const today = new Date().toISOString().slice(0, 10);
      assert.equal(
        text.out,
        `denied anew  Mine  web  2 requests
  at       Query.orders
  before   the scope \`orders:read\`
  after    the scope \`orders:write\`
  accept   "Query.orders": "orders:write"

not valid  Old  web  2 requests
  because  Cannot query field "old" on type "Query".
  accept   "query Old{old}": "not valid"

not valid  Old  callers without a token  1 request
  because  Cannot query field "old" on type "Query".
  accept   "query Old{old}": "not valid"

Of 9 requests of ${today}, 2 would be denied anew and 0 let in anew.
Counted apart: 3 not valid for the proposed schema.
`,
      );
      assert.deepEqual(
        [text.code, text.err],
        [1, 'claimgate replay: 2 requests would be denied anew, and 3 requests would no longer be valid\n'],
      );
      const found = JSON.parse(json.out);
      assert.deepEqual(found.requests, {
        deniedAnew: 2,
        letInAnew: 0,
        depends: 0,
        notKnown: 0,
        notValid: 3,
        unchanged: 4,
      });
      assert.deepEqual(found.toAllow, { 'Query.orders': 'orders:write', 'query Old{old}': 'not valid' });
      assert.match(markdown.out, /^### Recorded requests\n\n`the project` → `narrow\.graphql`: Of 9 requests/);
      const rows = markdown.out.split('\n').filter((line) => line.startsWith('|') || line.startsWith('*'));
      assert.deepEqual(rows, [
        '|  | operation | client | requests | at | required before | requires now | accept |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        '| denied anew | `Mine` | `web` | 2 | `Query.orders` | the scope `orders:read` | the scope `orders:write` | `"Query.orders": "orders:write"` |',
        '|  | operation | client | requests | because | accept |',
        '| --- | --- | --- | --- | --- | --- |',
        '| not valid | `Old` | `web` | 2 | Cannot query field "old" on type "Query". | `"query Old{old}": "not valid"` |',
        '| not valid | `Old` | callers without a token | 1 | Cannot query field "old" on type "Query". | `"query Old{old}": "not valid"` |',
        '**Not accepted: 2 requests would be denied anew, and 3 requests would no longer be valid.**',
      ]);
    });

    it('succeeds if nothing is denied anew, or if the denials are accepted', async () => {
      const [wide, accepted, same] = await Promise.all([
        replay(['wide.graphql', '--json']),
        replay(['narrow.graphql', '--allow', 'allow.json']),
        replay(['claimgate.config.ts']),
      ]);
      assert.deepEqual([wide.code, wide.err], [0, '']);
      const { findings } = JSON.parse(wide.out);
      assert.deepEqual(
        findings.map((one: any) => [one.kind, one.client, one.token, one.requests]),
        [['let in anew', null, false, 1]],
      );
      assert.equal(accepted.code, 0, accepted.err);
      assert.match(accepted.err, /allow\.json: Query\.gone: no request is denied anew; remove the entry\n/);
      assert.match(
        accepted.err,
        /allow\.json: \{ gone \}: the operation becomes not valid for no request; remove the entry\n$/,
      );
      assert.match(accepted.out, /, 2 would be denied anew \(2 accepted\) and 0 let in anew\.\n/);
      assert.match(accepted.out, /: 3 not valid for the proposed schema \(3 accepted\)\.\n$/);
      assert.match(accepted.out, /^denied anew {2}Mine {2}web {2}2 requests \(accepted\)/);
      assert.equal(same.code, 0, same.err);
    });

    it('fails with 1 if only operations become not valid, and not if they were not valid before', async () => {
      const [denials, same] = await Promise.all([
        replay(['narrow.graphql', '--allow', 'denials.json']),
        replay(['narrow.graphql', '--schema', 'narrow.graphql', '--json']),
      ]);
      assert.equal(denials.code, 1);
      assert.equal(
        denials.err,
        `claimgate replay: denials.json: query Old{old}: expected "not valid"; found "gone"
claimgate replay: 3 requests would no longer be valid
`,
      );
      assert.deepEqual([same.code, JSON.parse(same.out).requests.notValid, JSON.parse(same.out).toAllow], [0, 3, {}]);
      const text = await replay(['narrow.graphql', '--schema', 'narrow.graphql']);
      assert.match(text.out, /on type "Query"\. The present schema does not accept it either\.\n\n/);
    });

    it('compares only the chosen callers, and says whom it leaves out', async () => {
      const [web, anonymousOnly, not, gone] = await Promise.all([
        replay(['narrow.graphql', '--client', 'web']),
        replay(['narrow.graphql', '--client', 'callers without a token', '--json']),
        replay(['narrow.graphql', '--not-client', 'web', '--not-client', 'attack', '--markdown']),
        Promise.all([
          replay(['narrow.graphql', '--client', 'wep']),
          replay(['narrow.graphql', '--not-client', 'web', '--not-client', 'callers without a token']),
          replay(['narrow.graphql', '--not-client', 'web', '--client', 'web']),
        ]),
      ]);
      assert.match(web.out, /^Of 6 requests of [^\n]*\n[^\n]*\nLeft out: 3 requests \(callers without a token\)\.\n/m);
      const { recorded, requests } = JSON.parse(anonymousOnly.out);
      assert.deepEqual([recorded.requests, recorded.leftOut, requests.deniedAnew], [3, { web: 6 }, 0]);
      assert.match(not.out, /Of 3 requests .* Left out: 6 requests \(web\)\./);
      assert.match(not.err, /^claimgate replay: --not-client: no request of attack was recorded\n/);
      assert.deepEqual(
        gone.map(({ code, out, err }) => [code, out, err]),
        [
          [2, '', 'claimgate replay: --client: no request of wep was recorded; the nearest is web\n'],
          [2, '', 'claimgate replay: --not-client: expected that requests are left; all recorded ones are left out\n'],
          [2, '', 'claimgate replay: --client, --not-client: expected one of them\n'],
        ],
      );
    });

    it('finds the key among all configured ones, and fails with 2 if no caller was recorded with one', async () => {
      const [rotated, lost] = await Promise.all([
        replay(['narrow.graphql'], { CLAIMGATE_KEY: `${other},${key}` }),
        replay(['narrow.graphql', '--json'], { CLAIMGATE_KEY: other }),
      ]);
      assert.match(rotated.out, /2 would be denied anew/);
      assert.deepEqual([lost.code, lost.out], [2, '']);
      assert.match(lost.err, /^claimgate replay: CLAIMGATE_KEY: [^\n]*recorded with another key \([\w-]{8}\)\n$/);
    });

    it("leaves out Claimgate's own fields, which the SDL of a team does not have", async () => {
      const own = await kind.create();
      await record(own, ['query Caller { viewer { subject } }', 'query Both { orders viewer { subject } }']);
      const file = join(folder.path, 'own.config.ts');
      await writeFile(
        file,
        `export default { modules: [{ name: 'shop', typeDefs: ${JSON.stringify(typeDefs.replace('type', 'extend type').replace('(scope: "orders:read")', ''))} }] };`,
      );
      const { code, out, err } = await replay(['narrow.graphql'], { DATABASE_URL: own.url, CLAIMGATE_CONFIG: file });
      const env = { DATABASE_URL: own.url, CLAIMGATE_CONFIG: file };
      const files = await replay(['narrow.graphql', '--schema', 'wide.graphql'], env);
      await own.drop();
      assert.match(files.out, /^denied anew {2}Both {2}web {2}2 requests\n {2}at {7}Query\.orders\n/);
      assert.match(files.out, /Of 6 requests of [\d-]+, 3 would be denied anew and 0 let in anew\.\n$/);
      assert.equal(code, 1, err);
      assert.match(out, /^denied anew {2}Both {2}web {2}2 requests\n {2}at {7}Query\.orders\n/);
      assert.match(out, /Of 6 requests of [\d-]+, 2 would be denied anew and 0 let in anew\.\n$/);
    });

    it('claimgate check finds that the recording has no key', async () => {
      const checked = (env: Record<string, string>) => claimgate(['check'], { cwd: folder.path, env });
      const [without, having] = await Promise.all([checked({}), checked({ CLAIMGATE_KEY: key })]);
      assert.match(without.err, /^Claimgate cannot start:\n {2}- replay: expected CLAIMGATE_KEY to be set/);
      assert.deepEqual([without.code, having.code], [1, 0]);
    });

    it('fails with 2 and one line for wrong input, and says how to record', async () => {
      const empty = await kind.create();
      await (await openDatabase(empty.url)).destroy();
      const wrong = await Promise.all([
        replay([]),
        replay(['wide.graphql', 'narrow.graphql']),
        replay(['bad.graphql']),
        replay(['gone.graphql']),
        replay(['wide.graphql', '--allow', 'none.json']),
        replay(['wide.graphql', '--allow', 'wrong.json']),
        replay(['wide.graphql', '--allow', 'list.json']),
        replay(['wide.graphql', '--json', '--markdown']),
        replay(['wide.graphql'], { CLAIMGATE_KEY: '' }),
        replay(['wide.graphql'], { DATABASE_URL: `file:${join(folder.path, 'none.db')}` }),
        replay(['wide.graphql'], { DATABASE_URL: empty.url }),
        replay(['wide.graphql'], { DATABASE_URL: empty.url, CLAIMGATE_CONFIG: join(folder.path, 'off.config.ts') }),
      ]);
      await empty.drop();
      const expected = [
        /expected the proposed schema; found none/,
        /expected one proposed schema; found another: narrow\.graphql/,
        /bad\.graphql:2: unknown directive @auht; the nearest is @auth/,
        /gone\.graphql: expected /,
        /none\.json: there is no such file; to make it, save the object toAllow of claimgate replay --json/,
        /wrong\.json:2: Query\.orders: expected the rule as a text/,
        /list\.json: expected a JSON object: .* as claimgate replay --json has in toAllow/,
        /--json, --markdown: expected one of them/,
        /CLAIMGATE_KEY: expected the key of the servers/,
        /DATABASE_URL: there is no database/,
        /nothing was recorded yet/,
        /nothing was recorded: set replay: true in the configuration file and CLAIMGATE_KEY/,
      ];
      for (const [at, { code, out, err }] of wrong.entries()) {
        assert.deepEqual([code, out, err.split('\n').length], [2, '', 2], err);
        assert.match(err, expected[at]!);
      }
    });
  });
});

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkedTarget } from '../../src/cli/check/test-file.ts';
import { projectFolder, root, run, temporaryFolder } from '../support/process.ts';
import { program } from '../support/program.ts';

const config = (typeDefs: string, start: string) => `${start}
export default {
  scopes: { 'orders:read': { description: 'See orders' }, 'customers:read': { description: 'See customers' } },
  policies: { office: (requests: unknown[]) => requests.map(() => true) },
  modules: [{ name: 'orders', typeDefs: \`${typeDefs}\` }],
};
`;
const rules = {
  orders: '@auth(scope: "orders:read")',
  customer: '@auth(scope: "customers:read")',
  fresh: '@auth(maxAge: 60, policy: "office")',
};
const shop = ({ orders, customer, fresh } = rules) => `
  type Order { item: String  customer: String ${customer} }
  extend type Query { orders: [Order!]! ${orders}  fresh: Int ${fresh} }`;

describe('claimgate check', () => {
  let folder: Awaited<ReturnType<typeof projectFolder>>;
  before(async () => {
    folder = await projectFolder();
    await symlink(root, join(folder.path, 'node_modules/claimgate'));
  });
  after(() => folder.remove());

  const configure = (typeDefs: string, start = '') =>
    writeFile(join(folder.path, 'claimgate.config.ts'), config(typeDefs, start));
  let env: Record<string, string> = {};
  async function check(...args: readonly string[]): Promise<{ code: number | string; output: string }> {
    const command = run([...program, 'check', ...args], { cwd: folder.path, env });
    return { code: await command.ended, output: command.output() };
  }
  async function test(file: string): Promise<{ code: number | string; output: string }> {
    const args = ['--conditions=claimgate-source', '--test', '--test-reporter=tap', file];
    const tests = run(args, { cwd: folder.path });
    return { code: await tests.ended, output: tests.output() };
  }

  it('reports each fault of the appearance in one line, as a start does', async () => {
    await writeFile(join(folder.path, 'notes.txt'), 'no picture');
    const appearances = {
      "{ accentColor: { light: '#ffee00', dark: '#101010' }, logo: './missing.png' }": [
        '  - appearance.logo: expected a PNG, JPEG, WebP or SVG file of at most 262144 bytes; there is no file ',
        '  - appearance.accentColor.light=#ffee00: expected a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3); found 1.',
        '  - appearance.accentColor.dark=#101010: expected a contrast of at least 4.5:1 (WCAG 2.2, 1.4.3); found 1.',
      ],
      "{ logo: 'notes.txt' }": [
        '  - appearance.logo: expected a PNG, JPEG, WebP or SVG file of at most 262144 bytes; ',
      ],
      "{ supportLink: 'javascript:alert(1)', accentColor: { light: 'red' }, productName: '' }": [
        `  - ${join(folder.path, 'claimgate.config.ts')}: appearance.supportLink: expected an https: or mailto: URL`,
        `  - ${join(folder.path, 'claimgate.config.ts')}: appearance.accentColor.light=red: expected a colour of six`,
        `  - ${join(folder.path, 'claimgate.config.ts')}: appearance.productName: expected 1 to 60 printable characters`,
      ],
    };
    for (const [appearance, expected] of Object.entries(appearances)) {
      await writeFile(join(folder.path, 'claimgate.config.ts'), `export default { appearance: ${appearance} };`);
      const { code, output } = await check();
      assert.equal(code, 1);
      const [title, ...faults] = output.trimEnd().split('\n');
      assert.equal(title, 'Claimgate cannot start:');
      assert.equal(faults.length, expected.length, output);
      for (const [index, start] of expected.entries()) assert.ok(faults[index]?.startsWith(start), faults[index]);
      const started = run(program, { cwd: folder.path, env: { PORT: '1' } });
      assert.equal(await started.ended, 1);
      for (const fault of faults) assert.ok(started.output().includes(fault), started.output());
    }
    await rm(join(folder.path, 'notes.txt'));
  });

  it('finds every fault without a start, and ends although a module holds the process', async () => {
    // A timer holds the process, like a pool of connections.
    const held = 'setInterval(() => {}, 60_000);';
    await configure('extend type Query { open: Int  typo: Int @auth(scope: "orders:raed") }', held);
    const { code, output } = await check();
    assert.equal(code, 1);
    assert.match(output, /^Claimgate cannot start:\n/);
    assert.match(output, /Query\.open .* neither @auth nor @public/);
    assert.match(output, /the nearest is orders:read/);
    assert.deepEqual((await readdir(folder.path)).toSorted(), ['claimgate.config.ts', 'node_modules', 'package.json']);
  });

  it('reports the faults that a start reports, of the environment, the configuration and the schema', async () => {
    await writeFile(
      join(folder.path, 'wrong.config.mjs'),
      `export default {
        scopes: { profile: { description: 'Taken' } },
        modules: [{ name: 'one', typeDefs: 'extend type Query { open: Int  no: Int @auth(scope: "x") }' }],
      };`,
    );
    const env = { CLAIMGATE_CONFIG: 'wrong.config.mjs', CLAIMGATE_ALLOWED_ORIGINS: 'nowhere', PORT: '31999' };
    const outputs = await Promise.all(
      ['check', 'start'].map(async (command) => {
        const running = run([...program, command], { cwd: folder.path, env });
        assert.equal(await running.ended, 1, running.output());
        return running.output();
      }),
    );
    assert.equal(outputs[0], outputs[1]);
    for (const part of ['CLAIMGATE_ALLOWED_ORIGINS', 'scopes.profile', 'Query.open', 'Query.no']) {
      assert.ok(outputs[0]?.includes(part), `${part}: ${outputs[0]}`);
    }
    await rm(join(folder.path, 'wrong.config.mjs'));
  });

  it('writes tests that pass, fail if a rule is removed or changed, and miss a new rule', async () => {
    await configure(shop());
    const written = await check('--tests', '--out', 'rules.test.ts');
    assert.equal(written.code, 0, written.output);
    assert.match(written.output, /^coordinate +decision +caller +rule\n/);
    assert.match(written.output, /Order\.customer +passes +\{ scopes: 'customers:read' \} +requires the scope/);
    assert.match(written.output, /Wrote .*rules\.test\.ts: 10 tests of 3 elements\.\n$/);
    const passing = await test('rules.test.ts');
    assert.equal(passing.code, 0, passing.output);
    assert.match(passing.output, /# pass 11\n/);

    // One rule is removed, one is weaker, and one is new.
    const later = shop({ ...rules, customer: '', fresh: '@auth(policy: "office")' });
    await configure(`${later} extend type Order { more: Int @auth }`);
    const failing = await test('rules.test.ts');
    assert.equal(failing.code, 1);
    for (const name of ['Order\\.customer: deny for no token', 'Query\\.fresh: deny for .*authenticatedAt']) {
      assert.match(failing.output, new RegExp(`not ok .* - ${name}`));
    }
    assert.match(failing.output, /not ok .* - have a test for each guarded element/);
    assert.match(failing.output, /Order\.more/);
    assert.doesNotMatch(failing.output, /not ok .* - Query\.orders/);

    const text = readFileSync(join(folder.path, 'rules.test.ts'), 'utf8');
    const refused = await check('--tests', '--out', 'rules.test.ts');
    assert.equal(refused.code, 2);
    assert.equal(
      refused.output,
      'claimgate check: --out rules.test.ts: the file exists, and is overwritten. To allow it, add --yes\n',
    );
    assert.equal(readFileSync(join(folder.path, 'rules.test.ts'), 'utf8'), text);
    assert.equal((await check('--tests', '--out', 'rules.test.ts', '--yes')).code, 0);
    assert.match(readFileSync(join(folder.path, 'rules.test.ts'), 'utf8'), /'Order\.more', 'allow', \{\}/);
  });

  it('writes JavaScript without types, for the runner that is named', async () => {
    await configure(shop());
    env = {
      CLAIMGATE_PUBLIC_URL: 'https://api.example.com',
      CLAIMGATE_KEY: 'QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=',
    };
    const written = await check('--tests', '--out', 'rules.test.mjs', '--runner', 'vitest');
    env = {};
    assert.equal(written.code, 0, written.output);
    const text = readFileSync(join(folder.path, 'rules.test.mjs'), 'utf8');
    assert.match(text, /import \{ describe, it \} from 'vitest';/);
    assert.match(text, /await schemaOf\(config, \{ CLAIMGATE_PUBLIC_URL: 'https:\/\/api\.example\.com' \}\);/);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.includes('.new')),
      [],
    );
    const parsed = run(['--check', join(folder.path, 'rules.test.mjs')]);
    assert.equal(await parsed.ended, 0, parsed.output());
  });

  it('names a wrong option in one line, and writes nothing', async () => {
    const { code, output } = await check('--tests', '--runer', 'jest');
    assert.equal(code, 2);
    assert.match(output, /^claimgate: Unknown option '--runer'.*; the nearest is --runner; see claimgate help\n$/);
  });

  const options = { tests: true, yes: false };
  for (const [name, given, message] of [
    ['a file without --tests', { ...options, tests: false, out: 'a.ts' }, /expected --tests too/],
    [
      'an unknown runner',
      { ...options, runner: 'vitst' },
      /--runner vitst: expected one of node, vitest, jest; the nearest is vitest/,
    ],
    ['a file of another kind', { ...options, out: 'a.py' }, /--out a\.py: expected a file name that ends with \.ts/],
    ['a folder that does not exist', { ...options, out: 'no/a.ts' }, /--out no\/a\.ts: expected a folder that exists/],
    [
      'a folder in place of the file',
      { ...options, out: 'folder.ts' },
      /--out folder\.ts: expected a file; found a folder/,
    ],
    ['the configuration', { ...options, out: 'claimgate.config.ts' }, /expected another file than the configuration/],
  ] as const) {
    it(`refuses ${name}`, async () => {
      await configure(shop());
      await mkdir(join(folder.path, 'folder.ts'), { recursive: true });
      assert.throws(() => checkedTarget(given, folder.path), message);
    });
  }

  it('refuses a file in a folder without a configuration', async () => {
    const empty = await temporaryFolder();
    assert.throws(() => checkedTarget({ ...options, out: 'a.ts' }, empty.path), /expected claimgate\.config\.ts/);
    assert.equal(existsSync(join(empty.path, 'a.ts')), false);
    await empty.remove();
  });
});

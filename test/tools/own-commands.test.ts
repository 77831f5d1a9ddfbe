import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { claimgate } from '../support/cli.ts';
import { projectFolder, root } from '../support/process.ts';

describe('the commands, on the schema of the server and of its example module', () => {
  let folder: Awaited<ReturnType<typeof projectFolder>>;
  before(async () => {
    folder = await projectFolder();
    // The packages may not be built, so the example is loaded without its import.
    const example = await readFile(join(root, 'test/flows/orders.config.ts'), 'utf8');
    const helpers = 'const defineConfig = (given) => given;\nconst defineModule = defineConfig;';
    await writeFile(join(folder.path, 'claimgate.config.ts'), example.replace(/^import .*$/m, helpers));
  });
  after(() => folder.remove());
  const run = (...args: readonly string[]) => claimgate(args, { cwd: folder.path });
  const at = (path: string) => join(root, 'test', path);

  it('17.4-4 explain --check: the example clients have exactly the scopes that they need', async () => {
    const exact = 'The client has exactly the scopes that its operations need.\n';
    const [recipes, orders, fewer] = await Promise.all([
      run('explain', at('flows/clients'), '--check', '--scopes', 'openid'),
      run('explain', at('tools/clients'), '--check', '--scopes', 'orders:read customers:read'),
      run('explain', at('tools/clients'), '--check', '--scopes', 'orders:read grants'),
    ]);
    assert.deepEqual([recipes.code, recipes.out, recipes.err], [0, exact, '']);
    assert.deepEqual([orders.code, orders.out, orders.err], [0, exact, '']);
    assert.equal(fewer.code, 1);
    assert.match(fewer.err, /lacks customers:read for Customers\n.*without grants, every operation/s);
  });

  it('17.4-4 diff: the same callers get in as in the versions that were reviewed last', async () => {
    const allow = at('tools/kept/own-allow.json');
    const [same, wider] = await Promise.all([
      run('diff', at('tools/kept'), '--allow', allow, '--operations', at('tools/clients')),
      run('diff', '--schema', at('tools/kept'), 'claimgate.config.ts', '--json'),
    ]);
    // If a widening is wanted: review it, and add its text to own-allow.json. If only the schema grew, write it there.
    assert.deepEqual([same.code, same.err], [0, ''], same.out);
    assert.doesNotMatch(same.out, /^(?:wider|incomparable|needs|invalid)/m);
    assert.equal(wider.code, 0, wider.err);
    const { before: old, after: recent, toAllow } = JSON.parse(wider.out);
    assert.deepEqual([old, recent, toAllow], ['claimgate.config.ts', at('tools/kept'), {}]);
  });
});

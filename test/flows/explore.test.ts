import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { root, run, until } from '../support/process.ts';

it('opens the three callers in the explorer, and ends with its server', async () => {
  const demo = run([join(root, 'test/flows/path.ts'), '--explore']);
  await until(() => demo.output().includes('Ctrl+C'), 60_000);
  const [, address = ''] = /Open (\S+)/.exec(demo.output()) ?? [];
  const operation = Buffer.from(new URL(address).hash.slice('#operation='.length), 'base64url').toString();
  assert.match(operation, /orders/);
  assert.equal((await fetch(address)).status, 200);
  assert.equal(await demo.stop(), 0);
  await assert.rejects(fetch(address));
});

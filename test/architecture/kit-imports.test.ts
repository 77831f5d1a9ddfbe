import assert from 'node:assert/strict';
import { it } from 'node:test';
import { root, run } from '../support/process.ts';

/** Prints every file that importing the module loads, by the resolver's own account. */
const listing = (entry: string) => `
import { registerHooks } from 'node:module';
const seen = new Set();
registerHooks({ resolve(specifier, context, next) { const found = next(specifier, context); seen.add(found.url); return found; } });
await import('${entry}');
console.log([...seen].join('\\n'));`;

async function loadedBy(entry: string): Promise<string[]> {
  const listed = run(['--input-type=module', '--eval', listing(`${root}${entry}`)]);
  assert.equal(await listed.ended, 0, listed.output());
  return listed.output().trim().split('\n');
}

const serverOnly = ['fastify', 'oidc-provider', 'kysely', 'pino', '@as-integrations'];

it('the kit loads none of the dependencies of the server', async () => {
  const files = await loadedBy('src/index.ts');
  assert.ok(
    files.some((file) => file.includes('/node_modules/jose/')),
    'the listing sees packages',
  );
  for (const name of serverOnly) {
    assert.deepEqual(
      files.filter((file) => file.includes(`/node_modules/${name}/`)),
      [],
    );
  }
  assert.deepEqual(
    files.filter((file) => file === 'node:sqlite'),
    [],
  );
});

it('the listing would see them: the server does load them', async () => {
  const files = await loadedBy('src/server.ts');
  for (const name of serverOnly)
    assert.ok(
      files.some((file) => file.includes(`/node_modules/${name}/`)),
      name,
    );
  assert.ok(files.includes('node:sqlite'));
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { root, run, temporaryFolder } from '../../support/process.ts';

it('the example of the guide prints what the guide says', async () => {
  const guide = await readFile(join(root, 'src/auth/explain.md'), 'utf8');
  const [, source = ''] = /```ts\n([^]*?)```/.exec(guide) ?? [];
  const [, printed = ''] = /```text\n([^]*?)```/.exec(guide) ?? [];
  const folder = await temporaryFolder();
  const kit = pathToFileURL(join(root, 'src/index.ts')).href;
  const graphql = import.meta.resolve('graphql');
  await writeFile(
    join(folder.path, 'example.ts'),
    source.replace("'claimgate'", `'${kit}'`).replace("'graphql'", `'${graphql}'`),
  );
  const child = run([join(folder.path, 'example.ts')]);
  assert.equal(await child.ended, 0, child.output());
  assert.equal(child.output(), printed);
  await folder.remove();
});

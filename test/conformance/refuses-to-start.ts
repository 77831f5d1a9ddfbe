import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, run, temporaryFolder } from '../support/process.ts';
import { program } from '../support/program.ts';

/**
 * Starts the server in an empty folder, and asserts that it exits with code 1, prints all of these texts, and writes no
 * file.
 */
export async function assertRefusesToStart(
  options: { readonly config?: string; readonly env?: Record<string, string> },
  ...expected: readonly RegExp[]
): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const { config, env } = options;
    if (config !== undefined) await writeFile(join(folder.path, 'claimgate.config.mjs'), config);
    const before = await readdir(folder.path);
    const server = run(program, {
      cwd: folder.path,
      env: { PORT: String(await freePort()), ...env },
    });
    assert.equal(await server.ended, 1, server.output());
    for (const what of expected) assert.match(server.output(), what);
    assert.doesNotMatch(server.output(), /^\s+at /m, 'no stack trace');
    assert.deepEqual(await readdir(folder.path), before);
  } finally {
    await folder.remove();
  }
}

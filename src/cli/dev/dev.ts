import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Misuse } from '../misuse.ts';
import { stopWithPackageManager } from '../start/stop-signals.ts';
import { outcomeOf } from '../terminal/outcome.ts';
import { serveWhenAsked } from './child.ts';
import { createServers } from './servers.ts';
import { isFolder, watchSources } from './watch.ts';

/**
 * Runs the server for development. When a source file changes, another process takes the place of the server. The
 * command ends at SIGINT or SIGTERM. @returns the exit code
 */
export function dev(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      throwaway: { type: 'boolean', default: false },
      watch: { type: 'string', multiple: true, default: [] },
      // Only for the processes that this command starts.
      standby: { type: 'boolean', default: false },
    },
  });
  if (values.standby && process.send) return serveWhenAsked();
  return outcomeOf('dev', async () => {
    const folders = values.watch.map((folder) => resolve(folder));
    const missing = folders.find((folder) => !isFolder(folder));
    if (missing !== undefined) throw new Misuse(`--watch ${missing}: expected a folder`);
    const temporary = values.throwaway ? mkdtempSync(join(tmpdir(), 'claimgate-dev-')) : null;
    try {
      await serveUntilStopped(folders, temporary);
    } finally {
      if (temporary !== null) rmSync(temporary, { recursive: true, force: true });
    }
    return 0;
  });
}

/** @param temporary - the folder of a database that is removed at the end; null: the database of the environment */
async function serveUntilStopped(folders: readonly string[], temporary: string | null): Promise<void> {
  const say = (text: string) => process.stderr.write(`claimgate dev: ${text}\n`);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    stopWithPackageManager(() => resolve());
  });
  const servers = createServers({
    args: ['dev', '--standby'],
    // Test issuers are accepted during development (issuer/test-issuer.ts).
    env: {
      NODE_ENV: 'development',
      ...process.env,
      ...(temporary !== null && { DATABASE_URL: `file:${join(temporary, 'claimgate.db')}` }),
    },
    say,
  });
  const stopWatching = watchSources([process.cwd(), ...folders], (changed) => servers.replace(changed));
  servers.replace(null);
  await stopped;
  stopWatching();
  await servers.stop();
}

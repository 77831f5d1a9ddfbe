import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { ConfigFile } from '../../config/file.ts';
import { StartError } from '../../errors.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { type RunningServer, startServer } from '../../server.ts';

/** A server that listens on a free port of loopback. */
export interface LaunchedServer {
  readonly config: Config;
  readonly server: RunningServer;
  /** Stops the server, and removes its temporary folder. A second call does nothing. */
  readonly close: () => Promise<void>;
}

/** How often another port is tried, if a program has taken the port meanwhile. */
const maxTries = 5;

/**
 * Starts a server in this process. Without `DATABASE_URL`, its database is a file in a new temporary folder.
 *
 * @throws {StartError} with every fault of the configuration. No server and no folder is then left
 */
export async function launch(file: ConfigFile, environment: Readonly<Record<string, string>>): Promise<LaunchedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'claimgate-test-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const variables = {
      NODE_ENV: 'test',
      DATABASE_URL: `file:${join(folder, 'test.db')}`,
      LOG_LEVEL: 'silent',
      ...environment,
    };
    const launched = await listen(file, variables);
    const end = async () => {
      try {
        await launched.server.close();
      } finally {
        await remove();
      }
    };
    let ended: Promise<void> | undefined;
    return { ...launched, close: () => (ended ??= end()) };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Starts the server on a free port. */
async function listen(
  file: ConfigFile,
  environment: Readonly<Record<string, string>>,
): Promise<Omit<LaunchedServer, 'close'>> {
  for (let tries = 1; ; tries += 1) {
    const port = environment['PORT'] ?? String(await freePort());
    const { config, faults } = await readServerConfig({ ...environment, PORT: port }, process.cwd(), file);
    try {
      return { config, server: await startServer(config, { faults, announce: () => {} }) };
    } catch (error) {
      const isTaken = error instanceof StartError && error.faults.every((fault) => fault.startsWith('PORT='));
      if (!isTaken || environment['PORT'] !== undefined || tries === maxTries) throw error;
    }
  }
}

/**
 * Returns a port that is free now. It is below the ephemeral ports (Linux: from 32,768 on). Otherwise an outgoing
 * connection could take it before the server listens.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

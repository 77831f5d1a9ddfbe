import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { ConfigFile } from '../../config/file.ts';
import { StartError } from '../../errors.ts';
import { findAccountByEmail } from '../../identity/accounts/accounts.ts';
import { openAdministration } from '../../server/administration.ts';
import { readServerConfig } from '../../server/configuration.ts';
import { type RunningServer, startServer } from '../../server.ts';
import { refuseInProduction } from '../production.ts';
import { createAsk, type ServerAsk } from './ask.ts';
import {
  type AccountToMake,
  type ApplicationToMake,
  makeAccount,
  makeApplication,
  type TestAccount,
  type TestApplication,
} from './people.ts';
import { type ServerTokens, serverTokens } from './tokens.ts';

/** The options of `startTestServer`. */
export interface TestServerOptions<Emails extends string = never, Names extends string = never> {
  /** The default export of `claimgate.config.ts`. Default: an empty configuration. */
  readonly config?: ConfigFile;
  /**
   * Environment variables of the server. Only these are read, and not those of the process. With `DATABASE_URL`, the
   * server uses this database and does not remove it. Default: a SQLite file in a new temporary folder.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** The accounts to create, by email address. Default: only the administrator. */
  readonly accounts?: Readonly<Record<Emails, AccountToMake>>;
  /** The applications to register, by name. Default: only those that come with the server. */
  readonly applications?: Readonly<Record<Names, ApplicationToMake>>;
}

/** A server on a test database, in the process of the test. */
export interface TestServer<Emails extends string = never, Names extends string = never>
  extends ServerTokens,
    AsyncDisposable {
  /** Its public URL, on loopback. */
  readonly url: string;
  readonly administrator: TestAccount;
  readonly accounts: Readonly<Record<Emails, TestAccount>>;
  readonly applications: Readonly<Record<Names, TestApplication>>;
  /** Sends an operation over HTTP. */
  readonly ask: ServerAsk;
  /** Stops the server, and removes its temporary folder. */
  readonly close: () => Promise<void>;
}

/** How often another port is tried, if a program has taken the port meanwhile. */
const maxTries = 5;

/**
 * Starts a whole server in this process: HTTP, authorization server and database. It listens on loopback, on a free port
 * below the ephemeral ports.
 *
 * @throws {StartError} with every fault of the configuration, the accounts and the applications
 * @throws {Error} with `NODE_ENV=production`
 */
export async function startTestServer<Emails extends string = never, Names extends string = never>(
  options: TestServerOptions<Emails, Names> = {},
): Promise<TestServer<Emails, Names>> {
  refuseInProduction('startTestServer');
  const { environment = {}, config: file = {} } = options;
  if (environment['CLAIMGATE_ISSUER'] !== undefined) {
    throw new StartError(['startTestServer: expected no CLAIMGATE_ISSUER; a test server is its own issuer']);
  }
  const folder = await mkdtemp(join(tmpdir(), 'claimgate-test-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const password = `${randomInt(10 ** 12)} is the password of a test`;
  try {
    const { config, server } = await listen(file, {
      DATABASE_URL: `file:${join(folder, 'test.db')}`,
      LOG_LEVEL: 'silent',
      CLAIMGATE_ADMIN_PASSWORD: password,
      ...environment,
    });
    const administration = await openAdministration(config);
    const end = async () => {
      await administration.store.destroy();
      await server.close();
      await remove();
    };
    let ended: Promise<void> | undefined;
    const close = () => (ended ??= end());
    try {
      const accounts = await each(options.accounts, (email, account) => makeAccount(administration, email, account));
      const applications = await each(options.applications, (name, one) => makeApplication(administration, name, one));
      const admin = await findAccountByEmail(administration.store, config.adminEmail);
      if (!admin) throw new StartError([`startTestServer: the database has no account ${config.adminEmail}`]);
      const ask = createAsk(server.url);
      const clientIds = Object.entries<TestApplication>(applications).map(
        ([name, one]) => [name, one.clientId] as const,
      );
      return {
        url: server.url,
        administrator: { id: admin.id, email: admin.email, roles: admin.roles, password: config.adminPassword ?? '' },
        accounts,
        applications,
        ask,
        ...serverTokens({
          config,
          administration,
          applications: new Map(clientIds),
          accepts: async (token) => (await ask('{ __typename }', {}, token)).status === 200,
        }),
        close,
        [Symbol.asyncDispose]: close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Starts the server on a free port. */
async function listen(
  file: ConfigFile,
  environment: Readonly<Record<string, string>>,
): Promise<{ config: Config; server: RunningServer }> {
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

/** Makes a value for each member, one after another. */
async function each<Key extends string, Given, Made>(
  given: Readonly<Record<Key, Given>> | undefined,
  make: (key: Key, value: Given) => Promise<Made>,
): Promise<Readonly<Record<Key, Made>>> {
  const made: [Key, Made][] = [];
  for (const [key, value] of Object.entries(given ?? {}) as [Key, Given][]) made.push([key, await make(key, value)]);
  return Object.fromEntries(made) as Record<Key, Made>; // It has the keys of `given`.
}

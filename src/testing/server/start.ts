import { randomInt } from 'node:crypto';
import type { ConfigFile } from '../../config/file.ts';
import { StartError } from '../../errors.ts';
import { findAccountByEmail } from '../../identity/accounts/accounts.ts';
import { openAdministration } from '../../server/administration.ts';
import { refuseInProduction } from '../production.ts';
import { createAsk, type ServerAsk } from './ask.ts';
import { launch } from './launch.ts';
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
    throw new StartError([
      'startTestServer: expected no CLAIMGATE_ISSUER, since this server is its own issuer; use startTestServerFor',
    ]);
  }
  const password = `${randomInt(10 ** 12)} is the password of a test`;
  const launched = await launch(file, { CLAIMGATE_ADMIN_PASSWORD: password, ...environment });
  const { config, server } = launched;
  const ends = [launched.close];
  try {
    const administration = await openAdministration(config);
    ends.unshift(() => administration.store.destroy());
    const accounts = await each(options.accounts, (email, account) => makeAccount(administration, email, account));
    const applications = await each(options.applications, (name, one) => makeApplication(administration, name, one));
    const admin = await findAccountByEmail(administration.store, config.adminEmail);
    if (!admin) throw new StartError([`startTestServer: the database has no account ${config.adminEmail}`]);
    const ask = createAsk(server.url);
    const clientIds = Object.entries<TestApplication>(applications).map(([name, one]) => [name, one.clientId] as const);
    let ended: Promise<void> | undefined;
    const close = () => (ended ??= endAll(ends));
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
    await endAll(ends);
    throw error;
  }
}

async function endAll(ends: readonly (() => Promise<void>)[]): Promise<void> {
  for (const end of ends) await end();
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

import type { ApiContext } from './api/context.ts';
import { formatError, validationRules } from './api/operation.ts';
import { createContext } from './apollo/context.ts';
import { planPlugin } from './apollo/plan.ts';
import { statusPlugin } from './apollo/status.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config/variables.ts';
import { StartError } from './errors.ts';
import { type App, createApp } from './http/app.ts';
import { resourceMetadataPath } from './http/resource-metadata.ts';
import { type ScopeCatalogue, shippedScopes } from './identity/scopes.ts';
import { createLogger } from './observe/log.ts';
import { exchangeWithOurselves, type FirstPassword, ourselves } from './server/embedded.ts';
import { findFaults, portFault } from './server/faults.ts';
import { foreign } from './server/foreign.ts';
import { createStore } from './store/database.ts';
import { createVerifier } from './token/verify.ts';

export { defineModule, type Module } from './api/module.ts';
export { perRequest } from './api/per-request.ts';
export { type ConfigFile, defineConfig } from './config/file.ts';
export { endpoints } from './provider/provider.ts';
export type { FirstPassword } from './server/embedded.ts';

export interface StartOptions {
  /** What is wrong with the configuration already: told together with what is found here. Default: nothing. */
  readonly faults?: readonly string[];
  /** Tells somebody the administrator's password that was made up at the first start; if this throws, nothing happened. */
  readonly announce: (first: FirstPassword) => void;
}

export interface RunningServer {
  /** Scheme, host and port that the world sees. */
  readonly url: string;
  /** Whether the authorization server is ours. */
  readonly embedded: boolean;
  /** Finishes what is under way, takes no more, and lets go of port and database. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws StartError with every fault that was found; then nothing was made, changed or left open
 */
export async function startServer(config: Config, options: StartOptions): Promise<RunningServer> {
  const log = createLogger(config.logLevel);
  const catalogue = catalogueOf(config);
  const store = config.issuer === undefined ? createStore(config.databaseUrl) : undefined;
  const embedded = store && { store, exchange: exchangeWithOurselves(config, () => app.server, log) };
  const { api, faults } = await findFaults(config, catalogue, embedded, options.faults ?? []);
  if (!api || faults.length > 0) throw new StartError(faults);

  const authority = store ? await ourselves(config, catalogue, store, log, options.announce) : foreign(config);
  const challenge = {
    realm: config.audience,
    resourceMetadata: new URL(resourceMetadataPath, config.publicUrl).href,
  };
  const principalOf = createContext({
    verifier: createVerifier({ issuers: [authority.issuer] }),
    ...challenge,
    ...(embedded && { remedy: getNewToken }),
  });
  const app: App = await createApp({
    logger: log,
    publicUrl: config.publicUrl,
    graphql: {
      schema: api.schema,
      sandbox: isLoopback(config.publicUrl),
      context: async ({ rawHeaders, address }): Promise<ApiContext> => ({
        ...(await principalOf(rawHeaders)),
        address,
      }),
      plugins: [planPlugin(api, challenge), statusPlugin()],
      validationRules,
      formatError,
    },
    metadata: {
      resource: config.audience,
      authorizationServers: [authority.issuer.issuer],
      scopes: [...catalogue.keys()],
    },
    ...authority.parts,
  });
  try {
    await app.server.listen({ port: config.port, host: config.host });
  } catch (error) {
    await app.server.close();
    await authority.close();
    throw new StartError([portFault(config, error)]);
  }
  log.info({ url: config.publicUrl, issuer: authority.issuer.issuer }, 'ready');
  return {
    url: config.publicUrl,
    embedded: store !== undefined,
    async close() {
      await app.drain();
      await authority.close();
      log.info('stopped');
    },
  };
}

/** With a foreign issuer there is nothing here that the shipped scopes could guard. */
function catalogueOf({ issuer, scopes }: Config): ScopeCatalogue {
  return new Map(Object.entries(issuer === undefined ? { ...scopes, ...shippedScopes } : scopes));
}

/** Clients tend to send their expired token along when they ask for a new one, and would be refused for ever. */
const getNewToken =
  'Get a new one: exchangeAuthorizationCode, refreshAccessToken and revokeToken are sent without an Authorization header.';

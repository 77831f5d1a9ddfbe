import type { ApiContext } from './api/context.ts';
import {
  checkOperation,
  createRunner,
  formatErrorFor,
  parseOptions,
  streamValidationRules,
  validationRules,
} from './api/operation.ts';
import { createContext } from './apollo/context.ts';
import { noncePlugin } from './apollo/nonce.ts';
import { operationPlugin } from './apollo/operation.ts';
import { outagePlugin } from './apollo/outage.ts';
import { planPlugin, refusalError } from './apollo/plan.ts';
import { statusPlugin } from './apollo/status.ts';
import type { Config } from './config.ts';
import { outboundProxies } from './config/proxies.ts';
import { StartError } from './errors.ts';
import { type App, createApp } from './http/app.ts';
import { graphqlPath } from './http/graphql/graphql.ts';
import { networkOf } from './identity/attempts/network.ts';
import { resourceMetadataPath } from './http/resource-metadata.ts';
import { createLogger } from './observe/log.ts';
import { createMetrics } from './observe/metrics.ts';
import { startTracing } from './observe/tracing.ts';
import { auditTrail } from './server/audit.ts';
import { cataloguesOf } from './server/catalogues.ts';
import { connectionsFaults, connectionsOf } from './server/connections.ts';
import { exchangeWithOurselves, type FirstPassword, ourselves } from './server/embedded.ts';
import { outboundFaults, outboundFetch } from './server/outbound.ts';
import { outageReporter } from './server/outages.ts';
import { sessionAddress, startFault } from './server/database-faults.ts';
import { findFaults, portFault } from './server/faults.ts';
import { foreign, foreignFaults } from './server/foreign.ts';
import { databaseCheck, keepSwept } from './server/housekeeping.ts';
import { keySettings } from './server/key-settings.ts';
import { sealAtRest } from './server/keys.ts';
import { proofChecker, proofFaults } from './server/proofs.ts';
import { traced, watchedConnections, watchedExchange, watchedRunner } from './server/watch.ts';
import { createStore, migrateDatabase, poolState } from './store/database.ts';
import { listen } from './store/notices.ts';
import type { Store } from './store/tables.ts';
import { isSecureUrl } from './protocol/url.ts';
import { createVerifier } from './token/verify.ts';
import { isLoopbackHost } from './protocol/url.ts';

export { fromGlobalId, toGlobalId } from './api/global-id.ts';
export { defineModule, type Module } from './api/module.ts';
export { perRequest } from './api/per-request.ts';
export { type ConfigFile, defineConfig } from './config/file.ts';
export { endpoints } from './provider/provider.ts';
export type { FirstPassword } from './server/embedded.ts';
export { type Explanation, type Finding, inspectToken } from './server/inspection.ts';

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
  const { log, access } = createLogger(config.logLevel);
  const catalogues = cataloguesOf(config);
  const tracing = await startTracing(process.env, (reason) => log.warn({ reason }, 'traces cannot be sent'));
  const metrics = traced(createMetrics(), tracing);
  const outages = outageReporter(log);
  const store = createStore(config.databaseUrl, {
    onUnavailable(reason, error) {
      metrics.databaseFailed(reason);
      outages(reason, error);
    },
    ...(tracing && {
      trace(kind) {
        const span = tracing.part(`database ${kind}`, 'client');
        return (failed) => span.end(failed);
      },
    }),
  });
  metrics.watchPool(() => poolState(store));
  const audit = auditTrail(store, log, metrics, process.env['NODE_ENV'] !== 'production');
  const embedded =
    config.issuer === undefined
      ? {
          store,
          publicUrl: config.publicUrl,
          exchange: watchedExchange(
            exchangeWithOurselves(config, () => app.server, log),
            metrics,
          ),
          feed: audit.feed,
          keys: keySettings(config),
          catalogue: catalogues.all,
        }
      : undefined;
  const outside = outboundFetch(outboundProxies(process.env));
  const known = [
    ...(options.faults ?? []),
    ...foreignFaults(config),
    ...outboundFaults(config, process.env),
    ...proofFaults(config),
    ...connectionsFaults(config),
  ];
  const connected = connectionsOf(config, store, log, audit.recorder.changing, outside);
  const connections = connected && watchedConnections(connected, metrics, audit.recorder.write);
  const { api, faults } = await findFaults(config, { catalogues, embedded, connections, audit, log }, known);
  if (!api || faults.length > 0) throw new StartError(faults);

  const { own, proofs } = await begin(config, store, async () => {
    await migrateDatabase(config.databaseSessionUrl ?? config.databaseUrl, store).catch((error: unknown) => {
      throw startFault(config, error, true);
    });
    await sealAtRest(config, store, log);
    const own =
      embedded &&
      (await ourselves(config, catalogues.all, store, log, options.announce, {
        metrics,
        record: audit.record,
        changing: audit.recorder.changing,
        telling: audit.telling,
      }));
    return { own, proofs: await proofChecker(config, store) };
  });
  const elsewhere = foreign(config, store, log, metrics, outside);
  const authorities = own ? [own, elsewhere] : [elsewhere];
  const issuers = authorities.flatMap((authority) => authority.issuers);
  const verifier = createVerifier({
    issuers,
    proofs,
    ...(own?.revocations && { revocations: own.revocations }),
    onVerification: (error, cached) => metrics.verified({ outcome: error?.code ?? 'ok', cached }),
  });
  const challenge = {
    realm: config.audience,
    resourceMetadata: new URL(resourceMetadataPath, config.publicUrl).href,
    proofs,
  };
  const callerOf = createContext({
    verifier,
    url: config.publicUrl + graphqlPath,
    ...challenge,
    ...((embedded || connections) && { remedy: getNewToken }),
  });
  const app: App = await createApp({
    logger: log,
    access,
    publicUrl: config.publicUrl,
    trustedProxies: config.trustedProxies,
    allowedOrigins: config.allowedOrigins,
    allowedHeaders: config.allowedHeaders,
    maxBodyBytes: config.maxBodyBytes,
    graphql: {
      schema: api.schema,
      sandbox: isLoopbackHost(new URL(config.publicUrl).hostname),
      context: async (request): Promise<ApiContext> => ({ ...(await callerOf(request)), address: request.address }),
      plugins: [
        operationPlugin((operation) => checkOperation(operation, config), challenge),
        planPlugin(api, challenge),
        statusPlugin(),
        outagePlugin(),
        noncePlugin(proofs),
      ],
      parseOptions: parseOptions(config),
      validationRules: validationRules(config),
      runner: watchedRunner(
        createRunner({
          api,
          check: (operation) => checkOperation(operation, config),
          parseOptions: parseOptions(config),
          validationRules: streamValidationRules(config),
          refusalError,
        }),
        (operation) => metrics.operated(operation),
      ),
      onOperation: (operation) => metrics.operated(operation),
      formatError: formatErrorFor(config),
      streams: config.streams,
      networkOf,
    },
    metadata: {
      resource: config.audience,
      // RFC 9728 §2: addresses. The name of an issuer whose keys are elsewhere can be any text.
      authorizationServers: issuers.map(({ issuer }) => issuer).filter(isAddress),
      scopes: [...catalogues.own.keys()],
      proofAlgorithms: proofs.algorithms,
    },
    ...(own?.parts.around && { around: own.parts.around }),
    ...(tracing && { tracing }),
    checks: [databaseCheck(store), ...authorities.flatMap(({ parts }) => parts.checks)],
    onAnswer: (request) => metrics.answered(request),
    ...(config.metricsToken !== undefined && { metrics: { metrics, token: config.metricsToken } }),
    mounts: authorities.flatMap(({ parts }) => parts.mounts),
  });
  const sweeper = keepSwept(config, store, log);
  audit.start();
  const session = await sessionAddress(config, (sentence) => log.warn(sentence));
  const deafen = listen(session, {
    onNotice(topic) {
      if (topic === 'audit_events') audit.feed.wake();
      for (const authority of authorities) authority.onNotice?.(topic);
    },
    onFault: (error) =>
      log.warn({ err: error }, 'notices of the database are not heard: what is new is found by looking'),
  });
  const close = async () => {
    await deafen();
    audit.feed.close();
    await app.drain();
    clearInterval(sweeper);
    await audit.close();
    for (const authority of authorities) await authority.close();
    await store.destroy();
    await tracing?.close();
  };
  try {
    await app.server.listen({ port: config.port, host: config.host });
  } catch (error) {
    await close();
    throw new StartError([portFault(config, error)]);
  }
  log.info({ url: config.publicUrl, issuers: issuers.map(({ issuer }) => issuer) }, 'ready');
  return {
    url: config.publicUrl,
    embedded: embedded !== undefined,
    async close() {
      await close();
      log.info('stopped');
    },
  };
}

/** Closes the database again where its beginning fails. @throws StartError for what its driver throws */
async function begin<T>(config: Config, store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.destroy().catch(() => {});
    throw startFault(config, error);
  }
}

function isAddress(issuer: string): boolean {
  const url = URL.parse(issuer);
  return url !== null && isSecureUrl(url);
}

/** Clients tend to send their expired token along when they ask for a new one, and would be refused for ever. */
const getNewToken =
  'Get a new one: beginAuthorization, exchangeAuthorizationCode, refreshAccessToken and revokeToken are sent without an Authorization header.';

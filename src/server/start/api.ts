import type { FastifyInstance } from 'fastify';
import type { ExecutorOptions } from '../../auth/execute/executor.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../../auth/guarded-schema.ts';
import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { type Catalogues, cataloguesOf } from '../catalogues.ts';
import { connectionsFaults, connectionsOf } from '../foreign/connections.ts';
import { exchangeWithOwnEndpoint } from '../embedded/exchange.ts';
import { type CheckExtent, findFaults } from '../faults.ts';
import { foreignFaults } from '../foreign/foreign.ts';
import { newKeySettings } from '../embedded/key-settings.ts';
import { outboundFaults } from '../foreign/outbound.ts';
import { proofFaults } from '../proofs.ts';
import { type LoadedDocuments, loadTrustedDocuments } from '../trusted/documents.ts';
import { watchedConnections, watchedExchange } from '../watch.ts';
import type { Foundation } from './foundation.ts';

/** The API, and values for later steps of the start. */
export interface Api {
  readonly guarded: GuardedSchema;
  /** The trusted documents. Undefined: none are configured. */
  readonly trusted?: LoadedDocuments | undefined;
  readonly catalogues: Catalogues;
  /** Whether the authorization server is embedded. */
  readonly embedded: boolean;
  /** Whether a caller can get a new token by a mutation. */
  readonly exchanges: boolean;
  /** How the lane executes queries. No setting of the server changes it. Default: the defaults of `createExecutor`. */
  readonly executor?: ExecutorOptions | undefined;
}

/** A check without a start. */
export interface DryCheck {
  readonly extent?: CheckExtent;
  readonly onWarning?: (warning: string) => void;
  /** Changes the options of the guarded schema, before it is made. */
  readonly adapt?: ((options: GuardedSchemaOptions) => GuardedSchemaOptions) | undefined;
}

/**
 * Makes the API, and finds every fault of the configuration. Creates and changes nothing.
 *
 * @param app - returns the HTTP server, for requests to the server's own token endpoint. Not called before the first of
 * these requests
 * @param known - faults that earlier checks have found
 * @param dry - what is checked, the receiver of warnings, and what changes the options of the guarded schema. Default:
 * everything is checked, and warnings are logged
 * @throws StartError with every fault
 */
export async function checkedApi(
  config: Config,
  { log, metrics, store, audit, fetch }: Pick<Foundation, 'log' | 'metrics' | 'store' | 'audit' | 'fetch'>,
  app: () => FastifyInstance,
  known: readonly string[],
  { extent = 'start', onWarning, adapt }: DryCheck = {},
): Promise<Api> {
  const catalogues = cataloguesOf(config);
  const embedded =
    config.issuer === undefined
      ? {
          store,
          publicUrl: config.publicUrl,
          exchange: watchedExchange(exchangeWithOwnEndpoint(config, app, log), metrics),
          feed: audit.feed,
          keys: newKeySettings(config),
          catalogue: catalogues.all,
        }
      : undefined;
  const faultsOfConfig = [
    ...known,
    ...foreignFaults(config),
    ...outboundFaults(config, process.env),
    ...proofFaults(config),
    ...connectionsFaults(config),
  ];
  const connected = connectionsOf(config, store, log, audit.recorder.changing, fetch);
  const connections = connected && watchedConnections(connected, metrics, audit.recorder.write);
  const parts = { catalogues, embedded, connections, audit, log, onWarning, adapt };
  const { api, faults } = await findFaults(config, parts, faultsOfConfig, extent);
  const documents = api
    ? await loadTrustedDocuments(config, api, onWarning ?? ((warning) => log.warn({ schema: warning }, 'schema')))
    : { faults: [] };
  faults.push(...documents.faults);
  if (!api || faults.length > 0) throw new StartError(faults);
  if (documents.trusted) audit.nameDocuments(documents.trusted.idOf);
  return {
    guarded: api,
    trusted: documents.trusted,
    catalogues,
    embedded: embedded !== undefined,
    exchanges: embedded !== undefined || connections !== undefined,
  };
}

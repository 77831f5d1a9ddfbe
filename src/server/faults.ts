import { createServer } from 'node:net';
import { hidesSchema } from '../api/operation/rules/introspection.ts';
import { createApiSchema, type EmbeddedServer } from '../api/schema.ts';
import type { GuardedSchema, GuardedSchemaOptions } from '../auth/guarded-schema.ts';
import type { Config } from '../config.ts';
import { resourceClashes } from '../config/objects/resources.ts';
import { StartError } from '../errors.ts';
import type { Connections } from '../exchange/connections/connections.ts';
import { shippedScopes } from '../identity/grants/scopes.ts';
import type { Logger } from '../observe/log.ts';
import { databaseFaults } from './database-faults.ts';
import type { AuditTrail } from './audit.ts';
import { recordingFaults } from './replay/faults.ts';
import type { Catalogues } from './catalogues.ts';

/** The parts from which the API is made, besides the configuration. */
interface ApiParts {
  readonly catalogues: Catalogues;
  readonly embedded: EmbeddedServer | undefined;
  readonly connections: Connections | undefined;
  readonly audit: Pick<AuditTrail, 'recorder' | 'onDenial' | 'documentOf'>;
  readonly log: Logger;
  /** Called with each warning about the schema. Default: it is logged. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Changes the options of the guarded schema. Default: they stay as they are. */
  readonly adapt?: ((options: GuardedSchemaOptions) => GuardedSchemaOptions) | undefined;
}

/**
 * `start`: the database and the port are checked too. `schema`: only the configuration and the schema are checked, and
 * nothing is connected or opened.
 */
export type CheckExtent = 'start' | 'schema';

/**
 * Makes the API, and finds the faults that are visible before the start changes anything: in the configuration, the
 * schema, the database and the port. Creates and changes nothing.
 *
 * @param extent - what is checked
 * @param known - faults that earlier checks have found
 * @returns the API and all faults, the known faults first. The API is absent if its schema has faults
 */
export async function findFaults(
  config: Config,
  { catalogues, embedded, connections, audit, log, onWarning, adapt }: ApiParts,
  known: readonly string[],
  extent: CheckExtent,
): Promise<{ api?: GuardedSchema; faults: string[] }> {
  const faults = [...known];
  if (embedded) {
    const taken = Object.keys(config.scopes).filter((name) => Object.hasOwn(shippedScopes, name));
    const own = { audience: config.audience, scopes: [...Object.keys(config.scopes), ...Object.keys(shippedScopes)] };
    faults.push(...resourceClashes(config.resources, own));
    faults.push(...taken.map((name) => `scopes.${name}: expected another name, because Claimgate ships this scope`));
  }
  if (extent === 'start') faults.push(...recordingFaults(config));
  if (extent === 'start') faults.push(...(await databaseFaults(config)), ...(await portFaults(config)));
  try {
    const { recorder, onDenial, documentOf } = audit;
    const api = createApiSchema({
      catalogue: catalogues.own,
      modules: config.modules,
      directives: config.directives,
      identityApi: config.identityApi,
      policies: config.policies,
      denial: config.denial,
      inputDepth: config.limits.inputDepth,
      hidesSchema: (principal) => hidesSchema(config.introspection, principal),
      operations: config,
      ...(embedded && { embedded }),
      ...(connections && { connections }),
      recorder,
      documentOf,
      onDenial,
      onPolicyFault: (policy, fault) => {
        const err = fault.is === 'thrown' ? { err: fault.error } : {};
        log.warn(
          { policy, fault: fault.is, ...err },
          'a policy denied since it did not answer with a list of booleans in time',
        );
      },
      adapt,
      onWarning: onWarning ?? ((warning) => log.warn({ schema: warning }, 'schema')),
    });
    return { api, faults };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { faults: [...faults, ...error.faults] };
  }
}

/** Listens for a moment. It finds out whether the port is in use before the start changes anything. */
async function portFaults(config: Config): Promise<string[]> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error) => resolve([portFault(config, error)]));
    probe.listen({ port: config.port, host: config.host, exclusive: true }, () => probe.close(() => resolve([])));
  });
}

/** Makes the message for a server that cannot listen. */
export function portFault({ host, port }: Config, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const reason = listenReasons[code] ?? code;
  return `PORT=${port}, HOST=${host}: expected an address that this process may listen on and no other process uses; ${reason}`;
}

const listenReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is already in use',
  EADDRNOTAVAIL: 'no network interface of this machine has this address: 0.0.0.0 and [::] stand for all that it has',
  EAFNOSUPPORT: 'this machine has no IPv6: use an IPv4 address such as 0.0.0.0',
  EACCES: 'this process may not listen on so low a port: use one from 1024',
  ENOTFOUND: 'the host name is unknown here',
  EAI_AGAIN: 'the name server does not answer',
};

import type { Config } from '../../config.ts';
import { connectionFaults } from '../../config/objects/connections.ts';
import type { Connection } from '../../exchange/connections/connection.ts';
import { type Connections, createConnections } from '../../exchange/connections/connections.ts';
import type { Fetch } from '../../exchange/transport.ts';
import { idTokenAlgorithms } from '../../exchange/connections/id-token.ts';
import type { Changing } from '../../audit/writer.ts';
import type { Logger } from '../../observe/log.ts';
import {
  type HandleChanging,
  storedConnectionGrants,
  storedTransactions,
} from '../../store/connections/connections.ts';
import { issuerNameFaults } from '../../issuer/options/name.ts';
import { createSealer } from '../../store/connections/sealing.ts';
import type { Store } from '../../store/tables.ts';
import { factOfConnection } from '../watch.ts';

/**
 * Makes the exchange with the foreign issuers of all connections. It does not call an issuer yet.
 *
 * @param changing - changes the database and records the change in the audit trail, in one transaction
 * @param fetch - calls issuers
 * @returns undefined if no connection is configured
 */
export function connectionsOf(
  config: Config,
  store: Store,
  log: Logger,
  changing: Changing,
  fetch: Fetch,
): Connections | undefined {
  if (config.connections.length === 0) return undefined;
  return createConnections({
    connections: config.connections.map(connectionOf),
    transactions: storedTransactions(store),
    grants: storedConnectionGrants(store, recordedWith(changing)),
    ...(config.encryptionKeys && { seal: createSealer(config.encryptionKeys) }),
    fetch,
    handleLifetimeMs: config.lifetimes.refresh * 1000,
    onFailure: (failure) => log.warn(failure, 'exchange failed'),
  });
}

/** Returns a function that changes refresh handles and writes the audit facts of the change in one transaction. */
function recordedWith(changing: Changing): HandleChanging {
  return (kind, change, connectionOf) =>
    changing(change, (changed) => {
      const connection = connectionOf(changed);
      return connection === null ? null : factOfConnection(kind, connection);
    });
}

/** Finds the faults of all connections together. Calls no issuer. */
export function connectionsFaults({ connections, publicUrl }: Config): string[] {
  const faults = connections.flatMap(({ name, issuer, metadata }) =>
    issuerNameFaults(issuer, metadata === undefined).map((fault) => `connection "${name}".issuer: ${fault}`),
  );
  return [...faults, ...connectionFaults(connections, publicUrl)];
}

function connectionOf(entry: Config['connections'][number]): Connection {
  return {
    tokenEndpointAuthMethod: 'client_secret_basic',
    scopes: ['openid'],
    idTokenAlgorithms,
    authorizationParameters: {},
    ...entry,
  };
}

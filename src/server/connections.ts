import type { Config } from '../config.ts';
import { connectionFaults } from '../config/connections.ts';
import type { Connection } from '../exchange/connection.ts';
import { type Connections, createConnections } from '../exchange/connections.ts';
import type { Fetch } from '../exchange/transport.ts';
import { idTokenAlgorithms } from '../exchange/id-token.ts';
import type { AuditFact } from '../identity/audit.ts';
import type { Logger } from '../observe/log.ts';
import { storedConnectionGrants, storedTransactions } from '../store/connections.ts';
import { issuerNameFaults } from '../token/issuer-name.ts';
import { createSealer } from '../store/sealing.ts';
import type { Store } from '../store/tables.ts';
import { endedAtConnection } from './watch.ts';

/** The exchange with foreign issuers whose confidential client we are; absent where none is configured. Asks none of them yet. @param fetch how issuers are asked */
export function connectionsOf(
  config: Config,
  store: Store,
  log: Logger,
  record: (fact: AuditFact) => void,
  fetch: Fetch,
): Connections | undefined {
  if (config.connections.length === 0) return undefined;
  return createConnections({
    connections: config.connections.map(connectionOf),
    transactions: storedTransactions(store),
    grants: storedConnectionGrants(store),
    ...(config.encryptionKeys && { seal: createSealer(config.encryptionKeys) }),
    fetch,
    handleLifetime: config.lifetimes.refresh * 1000,
    onFailure: (failure) => log.warn(failure, 'exchange failed'),
    onEnded: (connection, cause) => record(endedAtConnection(connection, cause)),
  });
}

/** All that is wrong with the connections together, without asking any issuer. */
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

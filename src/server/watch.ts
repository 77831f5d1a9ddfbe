import type { PreparedOperation, Runner } from '../api/operation/operation.ts';
import type { Connections } from '../exchange/connections/connections.ts';
import type { Exchange, TokenResult } from '../exchange/own/exchange.ts';
import type { CountedOperation, Metrics } from '../observe/metrics.ts';
import type { Tracing } from '../observe/tracing.ts';
import { operationOutcome } from '../observe/outcome.ts';
import type { AuditType } from '../audit/event-types.ts';
import type { AuditFact } from '../audit/facts.ts';
import { keyStateAt, type SigningKey } from '../identity/keys/signing-keys.ts';
import type { HandleChange } from '../store/connections/connections.ts';
import type { Revocations } from '../token/revocation/revocations.ts';

/** Returns metrics that also add the outcomes of operations, verifications and exchanges to the current span. */
export function tracedMetrics(metrics: Metrics, tracing: Tracing | null): Metrics {
  if (!tracing) return metrics;
  return {
    ...metrics,
    operated(operation) {
      metrics.operated(operation);
      tracing.note({ 'graphql.operation.type': operation.type, 'claimgate.operation.outcome': operation.outcome });
    },
    verified(verification) {
      metrics.verified(verification);
      const { outcome, cached } = verification;
      tracing.note({ 'claimgate.token.outcome': outcome, 'claimgate.token.cached': cached });
    },
    exchanged(exchange) {
      metrics.exchanged(exchange);
      tracing.note({ 'claimgate.exchange.via': exchange.via, 'claimgate.exchange.ok': exchange.outcome === 'ok' });
    },
  };
}

/**
 * Returns a runner that reports the outcome of each operation. A subscription is reported once, at its start. An
 * operation that is refused before its execution has the type `unknown`.
 */
export function watchedRunner(runner: Runner, onOperation: (operation: CountedOperation) => void): Runner {
  return {
    prepare(parameters, caller) {
      const prepared = runner.prepare(parameters, caller);
      if (!isPrepared(prepared)) onOperation({ type: 'unknown', outcome: operationOutcome({ errors: prepared }) });
      return prepared;
    },
    async run(operation) {
      const result = await runner.run(operation);
      const answer = Symbol.asyncIterator in result ? {} : result;
      onOperation({ type: operation.operation, outcome: operationOutcome(answer) });
      return result;
    },
  };
}

function isPrepared(prepared: ReturnType<Runner['prepare']>): prepared is PreparedOperation {
  return !Array.isArray(prepared);
}

/** Returns an exchange that counts the outcome of each request for tokens. */
export function watchedExchange(exchange: Exchange, metrics: Pick<Metrics, 'exchanged'>): Exchange {
  const counted = (grantType: string, result: TokenResult): TokenResult => {
    metrics.exchanged({ via: 'mutation', grantType, outcome: result.ok ? 'ok' : result.error.error });
    return result;
  };
  return {
    ...exchange,
    exchangeAuthorizationCode: async (...args) =>
      counted('authorization_code', await exchange.exchangeAuthorizationCode(...args)),
    refreshAccessToken: async (...args) => counted('refresh_token', await exchange.refreshAccessToken(...args)),
  };
}

/**
 * Returns connections that count the outcome of each request for tokens. If tokens are issued without a handle, the
 * connections also record a fact in the audit trail. The fact names only the connection, because the subject is not an
 * account of this server. If tokens are issued with a handle, `foreign/connections.ts` records the fact.
 *
 * @param write - writes a fact into the audit trail before the answer is sent
 */
export function watchedConnections(
  connections: Connections,
  metrics: Pick<Metrics, 'exchanged'>,
  write: (fact: AuditFact) => Promise<void>,
): Connections {
  const counted = async (grantType: string, connection: string, result: TokenResult): Promise<TokenResult> => {
    if (result.ok && result.tokens.refreshToken === null) await write(factOfConnection('added', connection));
    metrics.exchanged({ via: 'connection', grantType, outcome: result.ok ? 'ok' : result.error.error });
    return result;
  };
  return {
    ...connections,
    exchange: async (response) =>
      counted('authorization_code', response.connection, await connections.exchange(response)),
    refresh: async (request) => counted('refresh_token', request.connection, await connections.refresh(request)),
  };
}

/**
 * Returns the fact for the audit trail about a changed handle of a connection. It names no account, because a caller
 * can revoke a handle without an account.
 */
export function factOfConnection(kind: HandleChange, connection: string): AuditFact {
  const outcome = kind === 'reused' ? 'failed' : 'allowed';
  const more = kind === 'refused' ? ': refused by its issuer' : '';
  return { type: typeOfChange[kind], ...withoutCaller, outcome, detail: `connection ${connection}${more}` };
}

const typeOfChange = {
  added: 'token_issued',
  rotated: 'token_refreshed',
  revoked: 'token_revoked',
  refused: 'token_revoked',
  reused: 'refresh_reuse',
} as const satisfies Record<HandleChange, AuditType>;

const withoutCaller = { coordinate: null, rule: null, accountId: null, clientId: null } as const;

/**
 * Gives two gauges of the metrics their values: the state and age of this server's own signing keys, and the time since
 * the revocations were last read.
 */
export function watchOwnKeys(
  metrics: Pick<Metrics, 'watchSigningKeys' | 'watchRevocations'>,
  keys: () => readonly SigningKey[],
  revocations: Pick<Revocations, 'readAt'>,
): void {
  metrics.watchSigningKeys(() => {
    const now = Date.now();
    const all = keys().toSorted((one, other) => other.signsFrom - one.signsFrom);
    return all.map((key) => ({ kid: key.kid, state: keyStateAt(all, key, now), age: (now - key.createdAt) / 1_000 }));
  });
  metrics.watchRevocations(() => (revocations.readAt === null ? null : (Date.now() - revocations.readAt) / 1_000));
}

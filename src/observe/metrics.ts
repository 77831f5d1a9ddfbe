import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { isCountedSeparately, observeCaches } from './caches.ts';
import { labelledCounter } from './counts/counter.ts';
import { durations } from './counts/durations.ts';
import { createGauges, type Gauges } from './gauges.ts';

export type { CountedKeys } from './gauges.ts';

/** A denial by a rule. A rule in shadow mode only reports the denial. */
export interface CountedDenial {
  readonly mode: 'enforce' | 'shadow';
  /** `Type.field`. */
  readonly coordinate: string;
  /** The client ID of the calling application. Null: the caller has none. */
  readonly clientId: string | null;
  readonly code: string;
}

/** An HTTP request that was answered. */
export interface CountedRequest {
  readonly method: string;
  /** The pattern of the route. The path is never used, because the caller chooses it. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A GraphQL operation, and its outcome. */
export interface CountedOperation {
  readonly type: 'query' | 'mutation' | 'subscription' | 'unknown';
  readonly outcome: OperationOutcome;
}

/**
 * `partial`: data with errors, or only errors with codes of the team. `refused`: a rule denied the operation, or the
 * credential was refused. `invalid`: a fault of the request. `unavailable`: a dependency of the server did not answer.
 * `failed`: a fault of the server.
 */
export type OperationOutcome = 'ok' | 'partial' | 'refused' | 'invalid' | 'unavailable' | 'failed';

/** The verification of an access token. */
export interface CountedVerification {
  /** `ok`, or the code of the error. */
  readonly outcome: string;
  /** Whether the result came from the cache. */
  readonly cached: boolean;
}

/** A request for tokens. */
export interface CountedExchange {
  /**
   * `endpoint`: a request to the token endpoint. A mutation may have sent it. `mutation` and `connection`: a mutation
   * by a caller.
   */
  readonly via: 'endpoint' | 'mutation' | 'connection';
  readonly grantType: string;
  /** `ok`, or the error code of RFC 6749. */
  readonly outcome: string;
}

/**
 * The metrics of the server, in the text format of Prometheus. Callers cannot create an unbounded number of label
 * values.
 */
export interface Metrics extends Gauges {
  answered(request: CountedRequest): void;
  operated(operation: CountedOperation): void;
  denied(denial: CountedDenial): void;
  verified(verification: CountedVerification): void;
  exchanged(exchange: CountedExchange): void;
  signedIn(outcome: 'ok' | 'failed'): void;
  /** Counts a request to `/graphql`. @param outcome - `answered`, or the word of the reason why the lane did not answer */
  laned(outcome: string): void;
  /** Counts operations for `claimgate replay`. @param outcome - `recorded`, or the reason why not */
  recorded(outcome: string, count: number): void;
  /** Counts a statement that found the database unavailable. */
  databaseFailed(reason: string): void;
  readonly contentType: string;
  read(): Promise<string>;
}

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The values of `grant_type` that are labels. Every other value is counted as `other`. */
const grantTypes: ReadonlySet<string> = new Set(['authorization_code', 'refresh_token', 'client_credentials']);

/** The outcomes that are labels: RFC 6749 §5.2, RFC 8707 §2, RFC 9449 §5 and §8, and failures of this server. */
const exchangeOutcomes: ReadonlySet<string> = new Set([
  'ok',
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'use_dpop_nonce',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
]);

/**
 * Makes the metrics of a server.
 *
 * @param ofNode - whether they include the default metrics of Node.js. Their observers stay until the process ends
 */
export function createMetrics(ofNode = true): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (ofNode) collectDefaultMetrics({ register: registry });
  const requests = durations(
    registry,
    'claimgate_http_request_duration_seconds',
    'HTTP requests by route, method and class of status; its count is how many there were.',
  );
  const counter = <Name extends string>(name: string, help: string, labelNames: readonly Name[]): Counter<Name> =>
    new Counter({ name: `claimgate_${name}_total`, help, labelNames, registers });
  const operations = labelledCounter(registry, 'graphql_operations', 'GraphQL operations by type and outcome.', [
    'type',
    'outcome',
  ]);
  const denials = counter('denials', 'Rules that denied (enforce), or would have (shadow), by coordinate and client.', [
    'mode',
    'coordinate',
    'client_id',
    'code',
  ]);
  const verifications = labelledCounter(
    registry,
    'verifications',
    'Access tokens by outcome, and whether they were verified before.',
    ['outcome', 'cache'],
  );
  const exchanges = counter('exchanges', 'Requests for tokens by way, grant type and outcome.', [
    'via',
    'grant_type',
    'outcome',
  ]);
  const signIns = counter('sign_ins', 'Sign-ins at the pages of this server by outcome.', ['outcome']);
  const outages = counter('database_failures', 'Statements that found the database unavailable, by reason.', [
    'reason',
  ]);

  const recordedOperations = counter('replay_operations', 'Operations recorded for claimgate replay, or why not.', [
    'outcome',
  ]);

  const series = new Set<string>();
  return {
    ...createGauges(registry),
    answered({ route, method, status, seconds }) {
      requests(route, methods.has(method) ? method : 'other', Math.floor(status / 100), seconds);
    },
    operated: ({ type, outcome }) => operations(type, outcome),
    denied({ mode, coordinate, clientId, code }) {
      const key = isCountedSeparately(clientId) ? JSON.stringify([mode, coordinate, clientId, code]) : null;
      if (key !== null && series.size < observeCaches.denialSeries.entries) series.add(key);
      const known = key !== null && series.has(key);
      denials.inc({
        mode,
        coordinate: known ? coordinate : 'others',
        client_id: known ? (clientId ?? '') : 'others',
        code,
      });
    },
    verified: ({ outcome, cached }) => verifications(outcome, cached ? 'hit' : 'miss'),
    exchanged({ via, grantType, outcome }) {
      exchanges.inc({
        via,
        grant_type: grantTypes.has(grantType) ? grantType : 'other',
        outcome: exchangeOutcomes.has(outcome) ? outcome : 'other',
      });
    },
    signedIn: (outcome) => signIns.inc({ outcome }),
    laned: labelledCounter(
      registry,
      'lane_requests',
      'Requests to /graphql: answered by the lane, or the reason why not.',
      ['outcome'],
    ),
    recorded: (outcome, count) => recordedOperations.inc({ outcome }, count),
    databaseFailed: (reason) => outages.inc({ reason }),
    contentType: registry.contentType,
    read: () => registry.metrics(),
  };
}

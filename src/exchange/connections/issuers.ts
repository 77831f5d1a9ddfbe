import type { Configuration } from 'openid-client';
import { type ExchangeFailure, failureOf, failureReason } from '../failure.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import { type Fetch, Unreachable } from '../transport.ts';
import { type Connection, clientOf, forCaller, noConnection } from './connection.ts';
import { checkIdToken, type IdTokenExpectations, type IdTokenVerdict } from './id-token.ts';
import { type Upstream, type UpstreamSource, upstreamSource } from './upstream.ts';

/** The issuers of all connections. The errors of requests are translated for the caller. */
export interface ConnectionIssuers {
  /**
   * Returns the metadata and keys of the connection's issuer. If they are not available, returns the error for the
   * caller.
   */
  upstreamOf(connection: Connection): Promise<Upstream | OAuthError>;
  /** Returns the configuration of openid-client for this server as a client of the connection's issuer. */
  clientOf(connection: Connection, upstream: Upstream): Configuration;
  /**
   * Checks an ID token of the connection's issuer. If no key fits, it fetches the keys again, at most once. It never
   * throws.
   */
  judge(connection: Connection, upstream: Upstream, idToken: string, expected: Expected): Promise<IdTokenVerdict>;
  /**
   * Translates the error of a failed call for the caller. Reports the error to `onFailure` if the caller did not cause
   * it.
   */
  failed(issuer: string, thrown: unknown): OAuthError;
  readonly onFailure: (failure: ExchangeFailure) => void;
}

type Expected = Pick<IdTokenExpectations, 'accessToken' | 'nonce' | 'subject'>;

export interface ConnectionIssuersOptions {
  readonly connections: readonly Connection[];
  readonly fetch: Fetch;
  /** Time for one call, including the body of its answer. */
  readonly timeoutSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Must not throw. */
  readonly onFailure: (failure: ExchangeFailure) => void;
}

/** Makes the issuers of connections. It fetches documents only when a caller needs them. */
export function connectionIssuers(options: ConnectionIssuersOptions): ConnectionIssuers {
  const { connections, fetch, timeoutSeconds, now, onFailure } = options;
  const upstreams = new Map<string, UpstreamSource>(
    connections.map(({ name, issuer, metadata }) => [
      name,
      upstreamSource({ issuer, ...(metadata !== undefined && { metadata }), fetch, timeoutSeconds, now }),
    ]),
  );

  function failed(issuer: string, thrown: unknown): OAuthError {
    if (thrown instanceof Unreachable) {
      onFailure({ issuer, error: 'temporarily_unavailable', reason: thrown.reason });
      return oauthError('temporarily_unavailable');
    }
    const upstream = failureOf(thrown);
    const error = forCaller(upstream);
    if (error.error === 'server_error' || error.error === 'temporarily_unavailable') {
      const reason = error === upstream ? failureReason(thrown) : upstream.error;
      onFailure({ issuer, error: error.error, reason });
    }
    return error;
  }

  return {
    async upstreamOf({ name, issuer }) {
      try {
        const upstream = await upstreams.get(name)?.get();
        return upstream ?? noConnection;
      } catch (error) {
        return failed(issuer, error);
      }
    },
    clientOf: (connection, { metadata }) => clientOf(connection, metadata, fetch, timeoutSeconds),
    async judge(connection, upstream, idToken, expected) {
      const { issuer, clientId, idTokenAlgorithms: algorithms } = connection;
      const expectations = { issuer, clientId, algorithms, now: now(), ...expected };
      const verdict = await checkIdToken(idToken, upstream.keys, expectations);
      if (verdict.ok || verdict.reason !== 'unknown-key') return verdict;
      try {
        const keys = await upstreams.get(connection.name)?.newKeys();
        return keys ? await checkIdToken(idToken, keys, expectations) : verdict;
      } catch {
        return verdict;
      }
    },
    failed,
    onFailure,
  };
}

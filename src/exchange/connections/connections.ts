import { randomBytes } from 'node:crypto';
import { genericGrantRequest } from 'openid-client';
import { notify } from '../../protocol/notify.ts';
import { type ExchangeFailure, wasNeverSent } from '../failure.ts';
import { type OAuthError, oauthError } from '../oauth-error.ts';
import type { TokenResult } from '../own/exchange.ts';
import type { ConnectionGrants, Seal, Transactions } from '../ports.ts';
import { connectionCodeFault } from '../shape.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import type { Fetch } from '../transport.ts';
import {
  authorizationUrl,
  type Connection,
  idTokenFault,
  noConnection,
  sendsIss,
  wantedScopeFault,
} from './connection.ts';
import { type ConnectionTokens, connectionGrants } from './grants.ts';
import type { IdTokenVerdict } from './id-token.ts';
import { connectionIssuers } from './issuers.ts';
import { codeChallengeOf, handleId, isSame, newHandle, secretsOf } from './transaction.ts';

/** An authorization request that has begun. */
export interface BegunAuthorization {
  /** The URL for the person's browser. */
  readonly authorizationUrl: string;
  /** A handle for one use. The client sends it together with the code. */
  readonly transaction: string;
  /** In seconds from now. */
  readonly expiresIn: number;
}

/** The parameters of the authorization response, and the handle of the transaction. */
export interface AuthorizationResponse {
  readonly connection: string;
  readonly transaction: string;
  readonly code: string;
  readonly state: string;
  /** `iss` (RFC 9207). Null if the response has no `iss`. */
  readonly iss: string | null;
}

export type BeginResult =
  | { readonly ok: true; readonly begun: BegunAuthorization }
  | { readonly ok: false; readonly error: OAuthError };

/** Gets, renews and revokes tokens of foreign issuers. All methods return expected failures as values. */
export interface Connections extends Pick<ConnectionTokens, 'refresh' | 'revoke'> {
  /**
   * Begins an authorization code flow. It makes the state, the nonce and the code verifier.
   *
   * @throws what the store throws
   */
  begin(request: {
    readonly connection: string;
    readonly redirectUri: string;
    readonly scope: readonly string[] | null;
  }): Promise<BeginResult>;
  /**
   * Makes the authorization code grant at the token endpoint of the connection. A transaction can be used once. After a
   * failure, it is valid again only if it is certain that nothing was sent to the token endpoint. A wrong `state` or
   * `iss` ends the transaction.
   *
   * @throws what the store throws
   */
  exchange(response: AuthorizationResponse): Promise<TokenResult>;
}

export interface ConnectionsOptions {
  readonly connections: readonly Connection[];
  readonly transactions: Transactions;
  readonly grants: ConnectionGrants;
  /** Encrypts refresh tokens. Default: refresh tokens are not stored, and callers get no handles. */
  readonly seal?: Seal;
  readonly fetch: Fetch;
  /** Time for one call, including the body of its answer. Default: 5. */
  readonly timeoutSeconds?: number;
  /** How long a refresh handle is valid. */
  readonly handleLifetimeMs: number;
  /** Milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Returns the given number of random bytes. Default: `randomBytes` of Node. */
  readonly random?: (bytes: number) => Buffer;
  /** Logs a failed call that the caller did not cause. Its own errors are ignored. Default: no-op. */
  readonly onFailure?: (failure: ExchangeFailure) => void;
}

/** How long a transaction is valid. The person must sign in within this time. */
const transactionLifetimeMs = 600_000;

/** Makes the exchange for connections. It sends no request to an issuer before a caller needs it. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { connections, transactions, fetch, timeoutSeconds = 5, now = Date.now, random = randomBytes } = options;
  const onFailure = (failure: ExchangeFailure): void => notify(options.onFailure, failure);
  const known = new Map(connections.map((connection) => [connection.name, connection]));
  const issuers = connectionIssuers({ connections, fetch, timeoutSeconds, now, onFailure });

  /** Whether another connection has this redirect URI. If so, only `iss` identifies the issuer (RFC 9700 §4.4). */
  const isShared = (connection: Connection, redirectUri: string) =>
    connections.some((other) => other !== connection && other.redirectUris.includes(redirectUri));

  const tokens = connectionGrants({
    grants: options.grants,
    seal: options.seal ?? null,
    handleLifetimeMs: options.handleLifetimeMs,
    now,
    random,
    connectionOf: (name) => known.get(name) ?? null,
    issuers,
  });

  return {
    refresh: tokens.refresh,
    revoke: tokens.revoke,

    async begin({ connection: name, redirectUri, scope }) {
      const connection = known.get(name);
      if (!connection) return refused(noConnection);
      if (!connection.redirectUris.includes(redirectUri)) {
        return refused(
          oauthError('invalid_request', 'redirectUri: expected one that is configured for this connection, exactly.'),
        );
      }
      const fault = scope && wantedScopeFault(connection, scope);
      if (fault) return refused(fault);
      const upstream = await issuers.upstreamOf(connection);
      if ('error' in upstream) return refused(upstream);
      if (!sendsIss(connection, upstream.metadata) && isShared(connection, redirectUri)) return refused(ambiguous);

      const transaction = newHandle(random);
      const { state, nonce, codeVerifier } = secretsOf(transaction);
      const expiresAt = now() + transactionLifetimeMs;
      await transactions.add({ id: handleId(transaction), connection: name, redirectUri, expiresAt });
      const url = authorizationUrl(connection, upstream.metadata, {
        redirect_uri: redirectUri,
        scope: [...new Set(['openid', ...(scope ?? connection.scopes)])].join(' '),
        state,
        nonce,
        code_challenge: codeChallengeOf(codeVerifier),
      });
      return {
        ok: true,
        begun: { authorizationUrl: url, transaction, expiresIn: transactionLifetimeMs / 1000 },
      };
    },

    async exchange(response) {
      const connection = known.get(response.connection);
      if (!connection) return refused(noConnection);
      const fault = connectionCodeFault(response);
      if (fault) return refused(fault);
      // If the issuer is not available, the transaction and the code stay valid.
      const upstream = await issuers.upstreamOf(connection);
      if ('error' in upstream) return refused(upstream);

      const id = handleId(response.transaction);
      const takenAt = now();
      const taken = await transactions.take(id, connection.name, takenAt);
      if (!taken) return refused(noTransaction);
      const secrets = secretsOf(response.transaction);
      if (!isSame(response.state, secrets.state)) return refused(wrongState);
      if (response.iss === null ? sendsIss(connection, upstream.metadata) : response.iss !== connection.issuer) {
        return refused(wrongIss);
      }
      if (response.iss === null && isShared(connection, taken.redirectUri)) return refused(ambiguous);

      let answer: TokenSet;
      try {
        answer = tokenSet(
          await genericGrantRequest(issuers.clientOf(connection, upstream), 'authorization_code', {
            code: response.code,
            code_verifier: secrets.codeVerifier,
            redirect_uri: taken.redirectUri,
            ...(connection.resource !== undefined && { resource: connection.resource }),
          }),
        );
      } catch (error) {
        const failure = issuers.failed(connection.issuer, error);
        if (wasNeverSent(error)) await transactions.giveBack(id, takenAt);
        else if (failure.error === 'temporarily_unavailable') return refused(codeMayBeUsed);
        return refused(failure);
      }
      const { idToken, accessToken } = answer;
      const verdict: IdTokenVerdict = idToken
        ? await issuers.judge(connection, upstream, idToken, { accessToken, nonce: secrets.nonce })
        : { ok: false, reason: 'unacceptable' };
      if (!verdict.ok) return refused(idTokenFault(connection.issuer, verdict.reason, onFailure));
      return { ok: true, tokens: await tokens.handOut(connection, answer, verdict.subject, secrets.nonce) };
    },
  };
}

const noTransaction = oauthError(
  'invalid_grant',
  'The transaction is unknown, expired, already used, or of another connection. Begin again.',
);
const codeMayBeUsed = oauthError(
  'temporarily_unavailable',
  'The authorization server was sent the code and did not answer in time, so that the code may be used up. Begin again.',
);
const wrongState = oauthError(
  'invalid_grant',
  'state: expected that of this transaction, which is ended now. Begin again.',
);
const wrongIss = oauthError(
  'invalid_grant',
  "iss: expected this connection's issuer, exactly (RFC 9207). The transaction is ended now. Begin again.",
);
const ambiguous = oauthError(
  'invalid_request',
  'This connection needs a redirect URI that no other connection has, since its issuer sends no iss (RFC 9207).',
);

function refused(error: OAuthError): { readonly ok: false; readonly error: OAuthError } {
  return { ok: false, error };
}

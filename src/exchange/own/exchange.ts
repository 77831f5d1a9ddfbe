import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { aFunction, aString, expectsKind, strings, timeLimitSeconds } from '../../protocol/options/kinds.ts';
import { genericGrantRequest, tokenRevocation } from 'openid-client';
import { notify } from '../../protocol/notify.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { type Client, clientFault, clientConfiguration } from '../client.ts';
import { type ExchangeFailure, failureOf, failureReason } from '../failure.ts';
import type { OAuthError } from '../oauth-error.ts';
import { codeFault, refreshFault, revocationFault } from '../shape.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import type { Fetch } from '../transport.ts';

/** The origin of the request that causes a call. */
export interface CallOrigin {
  /** The network address of the caller. */
  readonly address: string;
}

/** The parameters of an authorization code grant. */
interface AuthorizationCode {
  readonly code: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
  /** `redirect_uri` of the authorization request, unchanged (RFC 6749 §4.1.3). */
  readonly redirectUri: string;
}

interface Refresh {
  readonly refreshToken: string;
  /** The requested scopes. Null: all granted scopes (RFC 6749 §6). */
  readonly scope: readonly string[] | null;
}

export type TokenResult =
  | { readonly ok: true; readonly tokens: TokenSet }
  | { readonly ok: false; readonly error: OAuthError };

export type RevocationResult = { readonly ok: true } | { readonly ok: false; readonly error: OAuthError };

/** Gets, renews and revokes tokens at one authorization server. All methods return expected failures as values. */
export interface Exchange {
  /** Makes an authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636 §4.5). Does not check the nonce of the ID token. */
  exchangeAuthorizationCode(origin: CallOrigin, client: Client, grant: AuthorizationCode): Promise<TokenResult>;
  /** Makes a refresh token grant (RFC 6749 §6). */
  refreshAccessToken(origin: CallOrigin, client: Client, grant: Refresh): Promise<TokenResult>;
  /** Revokes a token (RFC 7009). It also succeeds for an unknown, expired or revoked token. */
  revokeToken(origin: CallOrigin, client: Client, token: string): Promise<RevocationResult>;
}

export interface ExchangeOptions {
  readonly server: AuthorizationServer;
  /**
   * Makes the `fetch` function for one call. The function may pass on the caller's address. No header can forge this
   * address.
   */
  readonly fetchFor: (origin: CallOrigin) => Fetch;
  /** Time for one call, including the body of its answer. Above 0, and at most 3,600. Default: 5. */
  readonly timeoutSeconds?: number;
  /** Logs a failed call that the client did not cause. Errors that it throws are ignored. Default: no-op. */
  readonly onFailure?: (failure: ExchangeFailure) => void;
}

const aUrl = expectsKind('an absolute URL', (value) => typeof value === 'string' && URL.canParse(value));

const checkExchangeOptions = optionsOf<ExchangeOptions>(
  {
    server: {
      check: optionsOf<AuthorizationServer>({
        issuer: { check: aString, required: true },
        tokenEndpoint: { check: aUrl, required: true },
        revocationEndpoint: { check: aUrl, required: true },
        idTokenSigningAlgorithms: { check: strings, required: true },
      }),
      required: true,
    },
    fetchFor: { check: aFunction, required: true },
    timeoutSeconds: { check: timeLimitSeconds },
    onFailure: { check: aFunction },
  },
  { timeout: 'timeoutSeconds, in seconds as before' },
);

/** Sends the requests of an exchange. All methods return expected failures as values. */
export interface ExchangeRequests {
  /** Sends a grant to the token endpoint. @param parameters - the parameters of the grant type */
  grant(
    origin: CallOrigin,
    client: Client,
    grantType: 'authorization_code' | 'refresh_token',
    parameters: Record<string, string>,
  ): Promise<TokenResult>;
  /** Sends a token to the revocation endpoint. */
  revoke(origin: CallOrigin, client: Client, token: string): Promise<RevocationResult>;
}

/** Makes an exchange that checks the form of all parameters before it sends them. */
export function checkedExchange(requests: ExchangeRequests): Exchange {
  return {
    async exchangeAuthorizationCode(origin, client, { code, codeVerifier, redirectUri }) {
      const fault = codeFault({ code, codeVerifier, redirectUri }) ?? clientFault(client);
      if (fault) return { ok: false, error: fault };
      const parameters = { code, code_verifier: codeVerifier, redirect_uri: redirectUri };
      return requests.grant(origin, client, 'authorization_code', parameters);
    },

    async refreshAccessToken(origin, client, { refreshToken, scope }) {
      const fault = refreshFault({ refreshToken, scope }) ?? clientFault(client);
      if (fault) return { ok: false, error: fault };
      return requests.grant(origin, client, 'refresh_token', {
        refresh_token: refreshToken,
        ...(scope && { scope: scope.join(' ') }),
      });
    },

    async revokeToken(origin, client, token) {
      const fault = revocationFault(token) ?? clientFault(client);
      return fault ? { ok: false, error: fault } : requests.revoke(origin, client, token);
    },
  };
}

/**
 * Makes the exchange with one authorization server. It uses openid-client.
 *
 * The exchange checks the form of all parameters before it sends them. It checks the issuer, audience, expiry and
 * signing algorithm of a returned ID token. It does not check the signature, because the ID token comes directly from
 * the token endpoint (OpenID Connect Core §3.1.3.7).
 *
 * @throws StartError with all faults of the options
 */
export function createExchange(options: ExchangeOptions): Exchange {
  checkOptions('createExchange', options, checkExchangeOptions);
  const { server, fetchFor, timeoutSeconds = 5, onFailure } = options;
  const configurationFor = (origin: CallOrigin, client: Client) =>
    clientConfiguration(server, client, fetchFor(origin), timeoutSeconds);

  function failed(thrown: unknown): { readonly ok: false; readonly error: OAuthError } {
    const error = failureOf(thrown);
    if (error.error === 'server_error' || error.error === 'temporarily_unavailable') {
      notify(onFailure, { issuer: server.issuer, error: error.error, reason: failureReason(thrown) });
    }
    return { ok: false, error };
  }

  return checkedExchange({
    async grant(origin, client, grantType, parameters) {
      try {
        // `authorizationCodeGrant` of openid-client rejects an ID token whose nonce it does not know. Only the
        // application knows the nonce.
        const answer = await genericGrantRequest(configurationFor(origin, client), grantType, parameters);
        return { ok: true, tokens: tokenSet(answer) };
      } catch (error) {
        return failed(error);
      }
    },

    async revoke(origin, client, token) {
      try {
        await tokenRevocation(configurationFor(origin, client), token);
        return { ok: true };
      } catch (error) {
        return failed(error);
      }
    },
  });
}

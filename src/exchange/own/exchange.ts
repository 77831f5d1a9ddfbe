import { genericGrantRequest, tokenRevocation } from 'openid-client';
import { notify } from '../../protocol/notify.ts';
import type { AuthorizationServer } from './authorization-server.ts';
import { type Client, clientFault, configure } from '../client.ts';
import { type ExchangeFailure, failureOf, reasonOf } from '../failure.ts';
import type { OAuthError } from '../oauth-error.ts';
import { codeFault, refreshFault, revocationFault } from '../shape.ts';
import { type TokenSet, tokenSet } from '../token-set.ts';
import type { Fetch } from '../transport.ts';

/** For whom a call is made. */
export interface Caller {
  /** The network address that the request came from. */
  readonly address: string;
}

/** What a client brings back from the authorization endpoint. */
interface AuthorizationCode {
  readonly code: string;
  /** RFC 7636 §4.1. */
  readonly codeVerifier: string;
  /** Exactly as in the authorization request (RFC 6749 §4.1.3). */
  readonly redirectUri: string;
}

interface Refresh {
  readonly refreshToken: string;
  /** The scopes wanted; null: those that were granted (RFC 6749 §6). */
  readonly scope: readonly string[] | null;
}

export type TokenResult =
  | { readonly ok: true; readonly tokens: TokenSet }
  | { readonly ok: false; readonly error: OAuthError };

type RevocationResult = { readonly ok: true } | { readonly ok: false; readonly error: OAuthError };

/** How a client gets, renews and gives back tokens at one authorization server. Expected failures are values, never thrown. */
export interface Exchange {
  /** The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636 §4.5). Does not check the nonce of the ID token. */
  exchangeAuthorizationCode(caller: Caller, client: Client, grant: AuthorizationCode): Promise<TokenResult>;
  /** The refresh token grant (RFC 6749 §6). */
  refreshAccessToken(caller: Caller, client: Client, grant: Refresh): Promise<TokenResult>;
  /** Token revocation (RFC 7009): succeeds for a token that is unknown, expired or revoked already. */
  revokeToken(caller: Caller, client: Client, token: string): Promise<RevocationResult>;
}

export interface ExchangeOptions {
  readonly server: AuthorizationServer;
  /** Makes the `fetch` of one call, so that the caller's address can travel with it in a way no header can forge. */
  readonly fetchFor: (caller: Caller) => Fetch;
  /** How long a call may take, in seconds, its answer's body included. Default: 5. */
  readonly timeout?: number;
  /** Called in passing, for the log, when a call failed for no fault of the client. What it throws or rejects with is lost. Default: no-op. */
  readonly onFailure?: (failure: ExchangeFailure) => void;
}

/**
 * The exchange with one authorization server, by openid-client.
 *
 * Checks the shape of what is sent before it is sent, and the issuer, audience, expiry and signing algorithm (not the
 * signature: OpenID Connect Core §3.1.3.7) of an ID token that comes back.
 */
export function createExchange({ server, fetchFor, timeout = 5, onFailure }: ExchangeOptions): Exchange {
  const configurationFor = (caller: Caller, client: Client) => configure(server, client, fetchFor(caller), timeout);

  function failed(thrown: unknown): { readonly ok: false; readonly error: OAuthError } {
    const error = failureOf(thrown);
    if (error.error === 'server_error' || error.error === 'temporarily_unavailable') {
      notify(onFailure, { issuer: server.issuer, error: error.error, reason: reasonOf(thrown) });
    }
    return { ok: false, error };
  }

  async function grant(
    caller: Caller,
    client: Client,
    grantType: string,
    parameters: Record<string, string>,
  ): Promise<TokenResult> {
    try {
      const answer = await genericGrantRequest(configurationFor(caller, client), grantType, parameters);
      return { ok: true, tokens: tokenSet(answer) };
    } catch (error) {
      return failed(error);
    }
  }

  return {
    async exchangeAuthorizationCode(caller, client, { code, codeVerifier, redirectUri }) {
      const fault = codeFault({ code, codeVerifier, redirectUri }) ?? clientFault(client);
      if (fault) return { ok: false, error: fault };
      // genericGrantRequest, because authorizationCodeGrant refuses an ID token whose nonce only the application knows.
      return grant(caller, client, 'authorization_code', {
        code,
        code_verifier: codeVerifier,
        redirect_uri: redirectUri,
      });
    },

    async refreshAccessToken(caller, client, { refreshToken, scope }) {
      const fault = refreshFault({ refreshToken, scope }) ?? clientFault(client);
      if (fault) return { ok: false, error: fault };
      return grant(caller, client, 'refresh_token', {
        refresh_token: refreshToken,
        ...(scope && { scope: scope.join(' ') }),
      });
    },

    async revokeToken(caller, client, token) {
      const fault = revocationFault(token) ?? clientFault(client);
      if (fault) return { ok: false, error: fault };
      try {
        await tokenRevocation(configurationFor(caller, client), token);
        return { ok: true };
      } catch (error) {
        return failed(error);
      }
    },
  };
}

import type { Account } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import { allowedScopes, grantableScopes, type ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { scopeTokens } from '../../protocol/scope.ts';

/** The scopes that an application requests, split by what the account may grant. */
export interface RequestedScopes {
  readonly openid: boolean;
  /** The scopes that consent grants. */
  readonly granted: readonly string[];
  /** The scopes that the application may request and this account may not grant. */
  readonly withheld: readonly string[];
  /** The scopes that the application may not request, or that do not exist. */
  readonly unavailable: readonly string[];
}

/**
 * Scopes of OpenID Connect, which grant nothing at an API. `openid` requests an ID token, and `offline_access` a
 * refresh token.
 */
const openIdConnectScopes: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/**
 * Splits the scopes of a request.
 *
 * @param scope the parameter of the request (RFC 6749 §3.3)
 * @param catalogue the scopes of the APIs in the request
 */
export function requestedScopes(
  scope: string,
  catalogue: ScopeCatalogue,
  application: Pick<Application, 'scopes'>,
  account: Pick<Account, 'roles'>,
): RequestedScopes {
  const requested = new Set(scopeTokens(scope));
  const allowed = requested.intersection(allowedScopes(catalogue, application.scopes));
  const grantable = grantableScopes(catalogue, application.scopes, account.roles);
  return {
    openid: requested.has('openid'),
    granted: [...allowed.intersection(grantable)],
    withheld: [...allowed.difference(grantable)],
    unavailable: [...requested.difference(allowed).difference(openIdConnectScopes)],
  };
}

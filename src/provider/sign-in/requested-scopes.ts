import type { Account } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import { allowedScopes, grantableScopes, type ScopeCatalogue } from '../../identity/grants/scopes.ts';
import { scopeTokens } from '../../protocol/scope.ts';

/** What an application asks for, split by what the account may give. */
export interface Requested {
  readonly openid: boolean;
  /** What a yes grants. */
  readonly granted: readonly string[];
  /** What the application may ask for, and this account may not give. */
  readonly withheld: readonly string[];
  /** What it asks for and may not, or nobody could give. */
  readonly foreign: readonly string[];
}

/** Scopes that are no one's to give: the first says how, the second is meant by every refresh token here. */
const ofOpenIdConnect: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/**
 * @param scope the parameter of the request (RFC 6749 §3.3)
 * @param catalogue the part of it that the request can yield
 */
export function requestedScopes(
  scope: string,
  catalogue: ScopeCatalogue,
  application: Pick<Application, 'scopes'>,
  account: Pick<Account, 'roles'>,
): Requested {
  const asked = new Set(scopeTokens(scope));
  const allowed = asked.intersection(allowedScopes(catalogue, application.scopes));
  const grantable = grantableScopes(catalogue, application.scopes, account.roles);
  return {
    openid: asked.has('openid'),
    granted: [...allowed.intersection(grantable)],
    withheld: [...allowed.difference(grantable)],
    foreign: [...asked.difference(allowed).difference(ofOpenIdConnect)],
  };
}

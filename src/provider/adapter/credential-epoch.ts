import { Provider } from 'oidc-provider';
import { storeMembers } from './model-members.ts';

/** An account that has authenticated, and its credential epoch at that time. */
export interface AuthenticatedAccount {
  readonly accountId: string;
  readonly credentialEpoch?: number | undefined;
}

/**
 * Returns the account in the session of the request that the library handles; undefined if there is no session or no
 * account.
 */
export function accountOfSession(): AuthenticatedAccount | undefined {
  const session = Provider.ctx?.oidc?.session as Partial<AuthenticatedAccount> | undefined; // The library's types do not know our members.
  if (session?.accountId === undefined) return undefined;
  return { accountId: session.accountId, credentialEpoch: session.credentialEpoch };
}

/** The models of the library that store the credential epoch of their account. */
const models = ['Session', 'Interaction', 'Grant'] as const;

/**
 * Makes sessions, interactions and grants store the credential epoch in which their account authenticated. A session
 * takes the epoch from the result of its sign-in.
 */
export function carryCredentialEpoch(provider: Provider): void {
  for (const name of models) storeMembers(provider[name], ['credentialEpoch']);
  const session: { loginAccount: (details: AuthenticatedAccount) => void } = provider.Session.prototype;
  const { loginAccount } = session;
  session.loginAccount = function (this: object, details) {
    loginAccount.call(this, details);
    // The library passes only the members that it knows.
    const login = Provider.ctx?.oidc?.entities.Interaction?.result?.login;
    Object.assign(this, { credentialEpoch: details.credentialEpoch ?? credentialEpochOf(login ?? {}) });
  };
}

/** Returns the credential epoch that a session, an interaction or the result of a sign-in stores. */
export function credentialEpochOf(stored: object): number | undefined {
  return 'credentialEpoch' in stored && typeof stored.credentialEpoch === 'number' ? stored.credentialEpoch : undefined;
}

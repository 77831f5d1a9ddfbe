import { Provider } from 'oidc-provider';
import { keepMembers } from './model-members.ts';

/** What an account has proven, and the credential epoch in which it did. */
export interface Proven {
  readonly accountId: string;
  readonly credentialEpoch?: number | undefined;
}

/** The account of the session that the library has in hand, in the request that it answers; undefined: none, or no account. */
export function sessionInHand(): Proven | undefined {
  const session = Provider.ctx?.oidc?.session as Partial<Proven> | undefined; // The library's types know no members of ours.
  if (session?.accountId === undefined) return undefined;
  return { accountId: session.accountId, credentialEpoch: session.credentialEpoch };
}

/** The models of the library that say in which credential epoch an account proved itself. */
const models = ['Session', 'Interaction', 'Grant'] as const;

/**
 * Lets sessions, sign-ins that are under way and grants keep the credential epoch in which their account proved itself, and lets
 * a session take it from the result of the sign-in that begins it.
 */
export function carryCredentialEpoch(provider: Provider): void {
  for (const name of models) keepMembers(provider[name], ['credentialEpoch']);
  const session: { loginAccount: (details: Proven) => void } = provider.Session.prototype;
  const { loginAccount } = session;
  session.loginAccount = function (this: object, details) {
    loginAccount.call(this, details);
    // The library hands over what it knows of the result, and nothing else.
    const login = Provider.ctx?.oidc?.entities.Interaction?.result?.login;
    Object.assign(this, { credentialEpoch: details.credentialEpoch ?? credentialEpochOf(login ?? {}) });
  };
}

/** The credential epoch in which the account of a session, or of a sign-in that is under way, proved itself. */
export function credentialEpochOf(kept: object): number | undefined {
  return 'credentialEpoch' in kept && typeof kept.credentialEpoch === 'number' ? kept.credentialEpoch : undefined;
}

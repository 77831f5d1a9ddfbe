import { checkedEmail, checkedPassword, checkedRoles, madeUpPassword } from '../../identity/accounts/checked-fields.ts';
import { createAccount } from '../../identity/accounts/accounts.ts';
import { hashPassword } from '../../identity/accounts/password-hash.ts';
import { registerApplication } from '../../identity/applications/applications.ts';
import { StartError } from '../../errors.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import type { Administration } from '../../server/administration.ts';

/** An account to create. */
export interface AccountToMake {
  /** Default: no roles. */
  readonly roles?: readonly string[];
  /** Default: a random password. */
  readonly password?: string;
}

/** An account of the server. */
export interface TestAccount {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** An application to register. */
export interface ApplicationToMake {
  /** The scopes that it may request. Default: every scope of the server. */
  readonly scopes?: readonly string[];
  /** Default: one address on loopback, `http://127.0.0.1/callback`. */
  readonly redirectUris?: readonly string[];
  /** Whether it has a client secret. Default `false`: a native application without a secret. */
  readonly confidential?: boolean;
}

/** An application of the server. */
export interface TestApplication {
  readonly clientId: string;
  /** `null`: it has no secret. */
  readonly clientSecret: string | null;
  readonly redirectUris: readonly string[];
  /** `null`: it may request every scope of the server. */
  readonly scopes: readonly string[] | null;
}

/** Creates an account. @throws ClaimgateError for an email address, a password or a role that is not allowed */
export async function makeAccount(
  { store, catalogue }: Administration,
  address: string,
  { roles: given = [], password = madeUpPassword() }: AccountToMake,
): Promise<TestAccount> {
  const roles = checkedRoles(given, catalogue);
  const passwordHash = await hashPassword(checkedPassword(password));
  const { id, email } = await createAccount(store, { email: checkedEmail(address), passwordHash, roles }, Date.now());
  return { id, email, password, roles };
}

/** Registers an application. @throws StartError for a scope that the server does not have */
export async function makeApplication(
  { store, catalogue }: Administration,
  name: string,
  {
    scopes = null,
    redirectUris = ['http://127.0.0.1/callback'],
    confidential = false,
  }: {
    readonly scopes?: readonly string[] | null;
  } & Omit<ApplicationToMake, 'scopes'>,
): Promise<TestApplication> {
  const unknown = scopes?.find((scope) => !catalogue.has(scope));
  if (unknown !== undefined) {
    const known = [...catalogue.keys()];
    throw new StartError([
      `applications.${name}.scopes: the server has no scope "${unknown}"; expected some of ${known.join(', ')}${nearestHint(unknown, known)}`,
    ]);
  }
  const { application, clientSecret } = await registerApplication(
    store,
    {
      name,
      tokenEndpointAuthMethod: confidential ? 'client_secret_basic' : 'none',
      applicationType: confidential ? 'web' : 'native',
      redirectUris,
      scopes,
      registeredBy: null,
      selfRegistered: 'token',
    },
    Date.now(),
  );
  return { clientId: application.id, clientSecret, redirectUris, scopes };
}

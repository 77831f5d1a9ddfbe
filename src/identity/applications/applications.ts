import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import { among } from '../../store/many.ts';
import type { Store, Tables } from '../../store/tables.ts';
import type { ClientKey } from './client-keys.ts';
import { inOrder, type Page, type PageOf, pageOfAll, pagesByParent } from '../../store/pages.ts';
import { hashSecret, newSecret } from '../keys/secrets.ts';

/** How an application proves itself at the token endpoint (RFC 7591 §2); `none`: a public client. */
export type TokenEndpointAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';
/** How an application gets tokens (RFC 7591 §2). */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';
export type ApplicationType = 'web' | 'native';

/** An OAuth 2.0 client. */
export interface Application {
  /** The client ID. */
  readonly id: string;
  readonly name: string;
  readonly tokenEndpointAuthMethod: TokenEndpointAuthMethod;
  readonly applicationType: ApplicationType;
  readonly redirectUris: readonly string[];
  /** The scopes it may ask for; null: every scope of the catalogue. */
  readonly scopes: readonly string[] | null;
  /** The account that registered it; null for the first-party application, and for one that registered itself. */
  readonly registeredBy: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly grantTypes: readonly GrantType[];
  /** The public keys it proves itself by; null: it proves itself otherwise. */
  readonly keys: readonly ClientKey[] | null;
  /** Whether each of its tokens is bound to a key (RFC 9449 §5.2). */
  readonly dpopBound: boolean;
  /** Whether it may ask by pushed authorization requests only (RFC 9126 §6). */
  readonly pushedRequestsOnly: boolean;
  /** Where people may be sent after it signed them out (OpenID Connect RP-Initiated Logout §3.1). */
  readonly postLogoutRedirectUris: readonly string[];
  /** How it registered itself: without a token, or with the initial access token; null: it did not, or that is not known. */
  readonly selfRegistered: 'open' | 'token' | null;
}

/** An application, and what its secret is checked against: for the authorization server alone. */
export interface ApplicationWithSecret {
  readonly application: Application;
  readonly secretHash: string | null;
}

/** What may be left out when an application registers. */
const defaults: Pick<
  Application,
  'grantTypes' | 'keys' | 'dpopBound' | 'pushedRequestsOnly' | 'postLogoutRedirectUris' | 'selfRegistered'
> = {
  grantTypes: ['authorization_code', 'refresh_token'],
  keys: null,
  dpopBound: false,
  pushedRequestsOnly: false,
  postLogoutRedirectUris: [],
  selfRegistered: null,
};

/** What is said when an application registers. Default: the code grant with refresh tokens, no key, nothing demanded. */
export type Registration = Omit<Application, 'id' | 'createdAt' | keyof typeof defaults> &
  Partial<Pick<Application, keyof typeof defaults>>;

/**
 * Registers an application. Does not check the redirect URIs, the scopes, the keys or whether all of it goes together.
 *
 * @param now milliseconds since the epoch
 * @param id default: made up
 * @returns the application, and its secret if it has one: it is shown here and never again
 */
export async function registerApplication(
  store: Store,
  registration: Registration,
  now: number,
  id: string = randomBytes(12).toString('hex'),
): Promise<{ application: Application; clientSecret: string | null }> {
  const complete = { ...defaults, ...registration };
  const { grantTypes, keys, dpopBound, pushedRequestsOnly, postLogoutRedirectUris } = complete;
  const clientSecret = registration.tokenEndpointAuthMethod.startsWith('client_secret') ? newSecret() : null;
  const row = {
    id,
    name: registration.name,
    secret_hash: clientSecret && hashSecret(clientSecret),
    token_endpoint_auth_method: registration.tokenEndpointAuthMethod,
    application_type: registration.applicationType,
    redirect_uris: JSON.stringify(registration.redirectUris),
    scopes: registration.scopes && JSON.stringify(registration.scopes),
    registered_by: registration.registeredBy,
    created_at: now,
    grant_types: JSON.stringify(grantTypes),
    jwks: keys && JSON.stringify(keys),
    dpop_bound: Number(dpopBound),
    pushed_requests_only: Number(pushedRequestsOnly),
    post_logout_redirect_uris: JSON.stringify(postLogoutRedirectUris),
    self_registered: complete.selfRegistered,
    granted_at: null,
  };
  await store.insertInto('applications').values(row).execute();
  return { application: application(row), clientSecret };
}

/** The application with this client ID, for the authorization server. */
export async function findApplicationWithSecret(store: Store, id: string): Promise<ApplicationWithSecret | null> {
  const row = await store.selectFrom('applications').selectAll().where('id', '=', id).executeTakeFirst();
  return row ? { application: application(row), secretHash: row.secret_hash } : null;
}

/** @returns the applications in the order of `ids`; null where there is none */
export async function findApplications(store: Store, ids: readonly string[]): Promise<(Application | null)[]> {
  const rows = await store
    .selectFrom('applications')
    .selectAll()
    .where(among(store, 'id', ids))
    .execute();
  return inOrder(ids, rows.map(application));
}

/** One page of all applications, newest first. @param accountId only those that this account registered */
export function listApplications(store: Store, page: Page, accountId?: string): Promise<PageOf<Application>> {
  const where = accountId === undefined ? {} : { registered_by: accountId };
  return pageOfAll(store, 'applications', where, page, application);
}

/** What each account has registered, newest first. @returns the pages in the order of `accountIds` */
export function applicationsByAccount(
  store: Store,
  accountIds: readonly string[],
  page: Page,
): Promise<PageOf<Application>[]> {
  return pagesByParent(store, 'applications', 'registered_by', accountIds, page, application);
}

function application(row: Selectable<Tables['applications']>): Application {
  return {
    id: row.id,
    name: row.name,
    // Both columns are written by registerApplication alone.
    tokenEndpointAuthMethod: row.token_endpoint_auth_method as TokenEndpointAuthMethod,
    applicationType: row.application_type as ApplicationType,
    redirectUris: JSON.parse(row.redirect_uris),
    scopes: row.scopes === null ? null : JSON.parse(row.scopes),
    registeredBy: row.registered_by,
    createdAt: row.created_at,
    grantTypes: JSON.parse(row.grant_types),
    keys: row.jwks === null ? null : JSON.parse(row.jwks),
    dpopBound: row.dpop_bound === 1,
    pushedRequestsOnly: row.pushed_requests_only === 1,
    postLogoutRedirectUris: JSON.parse(row.post_logout_redirect_uris),
    selfRegistered: row.self_registered,
  };
}

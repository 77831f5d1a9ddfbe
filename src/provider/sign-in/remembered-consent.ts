import { hash } from 'node:crypto';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted, leadsToExplorer } from '../../identity/applications/first-party.ts';
import { rememberedGrants } from '../../identity/grants/consents.ts';
import { rememberedOrigin } from '../../identity/applications/redirect-uris.ts';
import type { Store } from '../../store/tables.ts';
import type { ProviderOptions } from '../options.ts';
import { requestedScopes } from './requested-scopes.ts';
import { catalogueFor, decideScopes } from '../tokens/resource-scopes.ts';

/**
 * Returns a hash of the facts on which a consent depends: the name of the application, its kind of client, all its
 * redirect URIs, and the destination of the answer. If a fact changed after the consent page was shown, the page is
 * shown again.
 */
export function consentFacts(application: Application, redirectUri: string): string {
  const { name, tokenEndpointAuthMethod, applicationType, redirectUris } = application;
  const destination = rememberedOrigin(redirectUri) ?? redirectUri;
  const facts = [destination, name, tokenEndpointAuthMethod, applicationType, redirectUris.toSorted()];
  return hash('sha256', JSON.stringify(facts), 'base64url');
}

/**
 * Returns the key under which consent is remembered. The consent applies to a later request only if the facts are the
 * same, including the origin.
 *
 * The explorer is a public client, and its origin may be a loopback address. Its redirect URI is a page of this server.
 * While the server answers the request, no other program has its port. Therefore consent to exactly this redirect URI is
 * remembered within one sign-in session of the browser. The explorer can then sign in silently after a reload. Another
 * browser, or a new sign-in, shows the page again.
 *
 * @param sessionUid - the sign-in session of the browser. Undefined: none
 * @returns null if consent is not remembered: for a public client, a client that registered itself without a token, a
 *   loopback address, or a private-use scheme. Another program could impersonate this client (RFC 8252 §8.6).
 */
export function consentKey(
  application: Application,
  redirectUri: string,
  sessionUid: string | undefined,
): string | null {
  if (leadsToExplorer(application, redirectUri)) {
    if (sessionUid === undefined) return null;
    return hash('sha256', JSON.stringify([consentFacts(application, redirectUri), sessionUid]), 'base64url');
  }
  const isIdentifiable = application.tokenEndpointAuthMethod !== 'none' && !isUnvetted(application);
  return isIdentifiable && rememberedOrigin(redirectUri) !== null ? consentFacts(application, redirectUri) : null;
}

/** Returns the scopes of the remembered consents of an account to an application. Ended grants do not count. */
export async function rememberedScopes(
  store: Store,
  accountId: string,
  application: Application,
  redirectUri: string,
  sessionUid: string | undefined,
  now: number,
): Promise<ReadonlySet<string>> {
  const key = consentKey(application, redirectUri, sessionUid);
  if (key === null) return new Set();
  const grants = await rememberedGrants(store, accountId, application.id, key, now);
  return new Set(grants.flatMap(({ scopes }) => scopes));
}

type RememberedConsentOptions = Pick<ProviderOptions, 'store' | 'audience' | 'catalogue' | 'now'>;

/**
 * Returns the grant of an earlier consent that covers every scope that this request can get. The tokens of the request
 * then belong to this grant and end with it.
 *
 * @returns undefined if no remembered grant covers the request, or if the request has `prompt=consent`
 */
export async function rememberedGrant(
  options: RememberedConsentOptions,
  { oidc }: KoaContextWithOIDC,
): Promise<Grant | undefined> {
  const { scope, redirect_uri: redirectUri, resource } = oidc.params ?? {};
  const { accountId } = oidc.account ?? {};
  if (
    accountId === undefined ||
    !oidc.client ||
    typeof redirectUri !== 'string' ||
    typeof scope !== 'string' ||
    oidc.prompts.has('consent')
  ) {
    return undefined;
  }
  const { store, now } = options;
  const found = await findApplicationWithSecret(store, oidc.client.clientId);
  const account = await findAccount(store, accountId);
  const key = found && consentKey(found.application, redirectUri, oidc.session?.uid);
  if (!found || !account || key === null) return undefined;
  const catalogue = catalogueFor(options, resource);
  const { openid, granted, withheld } = requestedScopes(scope, catalogue, found.application, account);
  if (granted.length === 0 && !openid) return undefined;
  for (const { id, scopes } of await rememberedGrants(store, accountId, found.application.id, key, now())) {
    if (!granted.every((name) => scopes.includes(name))) continue;
    const grant = await oidc.provider.Grant.find(id);
    if (!grant || (openid && !grant.getOIDCScope().split(' ').includes('openid'))) continue;
    // Otherwise the library would ask for consent to the scopes that the account may not grant.
    decideScopes(grant, { audience: options.audience, catalogue }, { granted: [], withheld });
    return grant;
  }
  return undefined;
}

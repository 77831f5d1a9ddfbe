import { hash } from 'node:crypto';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import type { Application } from '../../identity/applications/application.ts';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted } from '../../identity/applications/first-party.ts';
import { rememberedGrants } from '../../identity/grants/consents.ts';
import { rememberedOrigin } from '../../identity/applications/redirect-uris.ts';
import type { Store } from '../../store/tables.ts';
import type { ProviderOptions } from '../options.ts';
import { requestedScopes } from './requested-scopes.ts';
import { catalogueFor, decideScopes } from '../tokens/resources.ts';

/**
 * What the person who allows an application sees of it: its name, what kind of client it is, all its redirect URIs, and where the
 * answer goes. A page whose application has changed since it was shown is shown again.
 */
export function whatIsSeen(application: Application, redirectUri: string): string {
  const { name, tokenEndpointAuthMethod, applicationType, redirectUris } = application;
  const destination = rememberedOrigin(redirectUri) ?? redirectUri;
  const seen = [destination, name, tokenEndpointAuthMethod, applicationType, redirectUris.toSorted()];
  return hash('sha256', JSON.stringify(seen), 'base64url');
}

/**
 * Under what a yes is remembered: it counts for later requests as long as the person would see the same, so for the origin that
 * they saw and for no other. A change that comes by whichever way (the API, the command line, the database itself) forgets it.
 *
 * @returns null where it is remembered for nothing: for a public client, one that registered itself without a token, a loopback
 *   address and a private-use scheme, since what proves nothing, or runs on the person's device, cannot be told from another
 *   program (RFC 8252 §8.6)
 */
export function consentSeen(application: Application, redirectUri: string): string | null {
  const isProven = application.tokenEndpointAuthMethod !== 'none' && !isUnvetted(application);
  return isProven && rememberedOrigin(redirectUri) !== null ? whatIsSeen(application, redirectUri) : null;
}

/** What an account allowed an application and has not taken back, while its grants last and the person would see the same. */
export async function rememberedScopes(
  store: Store,
  accountId: string,
  application: Application,
  redirectUri: string,
  now: number,
): Promise<ReadonlySet<string>> {
  const seen = consentSeen(application, redirectUri);
  if (seen === null) return new Set();
  const grants = await rememberedGrants(store, accountId, application.id, seen, now);
  return new Set(grants.flatMap(({ scopes }) => scopes));
}

type Options = Pick<ProviderOptions, 'store' | 'audience' | 'catalogue' | 'now'>;

/**
 * The grant of an earlier yes that covers all that this request can yield; what it yields is then of that grant, and ends with
 * it. None where anything is asked for that was not allowed before, or the consent page is.
 */
export async function rememberedGrant(options: Options, { oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
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
  const seen = found && consentSeen(found.application, redirectUri);
  if (!found || !account || seen === null) return undefined;
  const catalogue = catalogueFor(options, resource);
  const { openid, granted, withheld } = requestedScopes(scope, catalogue, found.application, account);
  if (granted.length === 0 && !openid) return undefined;
  for (const { id, scopes } of await rememberedGrants(store, accountId, found.application.id, seen, now())) {
    if (!granted.every((name) => scopes.includes(name))) continue;
    const grant = await oidc.provider.Grant.find(id);
    if (!grant || (openid && !grant.getOIDCScope().split(' ').includes('openid'))) continue;
    // Of what the account may not give, the library would ask.
    decideScopes(grant, { audience: options.audience, catalogue }, { granted: [], withheld });
    return grant;
  }
  return undefined;
}

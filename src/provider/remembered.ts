import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../identity/accounts.ts';
import { type Application, findApplicationWithSecret } from '../identity/applications.ts';
import { livingGrants } from '../identity/grants.ts';
import type { Store } from '../store/tables.ts';
import type { ProviderOptions } from './provider.ts';
import { requestedScopes } from './requested.ts';
import { catalogueFor, decideScopes } from './resources.ts';

/**
 * Whether a yes to an application is remembered: only where it proves who it is, and the answer goes to an https address. Behind
 * a loopback address or a private-use scheme stands whatever runs on the device (RFC 8252 §8.6).
 */
export function remembers(application: Application, redirectUri: string): boolean {
  return application.tokenEndpointAuthMethod !== 'none' && URL.parse(redirectUri)?.protocol === 'https:';
}

/** What an account allowed an application and has not taken back, while its grants last. */
export async function rememberedScopes(
  store: Store,
  accountId: string,
  application: Application,
  redirectUri: string,
  now: number,
): Promise<ReadonlySet<string>> {
  if (!remembers(application, redirectUri)) return new Set();
  const grants = await livingGrants(store, accountId, application.id, now);
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
  if (!found || !account || !remembers(found.application, redirectUri)) return undefined;
  const catalogue = catalogueFor(options, resource);
  const { openid, granted, withheld } = requestedScopes(scope, catalogue, found.application, account);
  if (granted.length === 0 && !openid) return undefined;
  for (const { id, scopes } of await livingGrants(store, accountId, found.application.id, now())) {
    if (!granted.every((name) => scopes.includes(name))) continue;
    const grant = await oidc.provider.Grant.find(id);
    if (!grant || (openid && !grant.getOIDCScope().split(' ').includes('openid'))) continue;
    // Of what the account may not give, the library would ask.
    decideScopes(grant, { audience: options.audience, catalogue }, { granted: [], withheld });
    return grant;
  }
  return undefined;
}

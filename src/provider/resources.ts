import { type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../identity/accounts.ts';
import { findApplicationWithSecret } from '../identity/applications.ts';
import { allowedScopes, grantableScopes } from '../identity/scopes.ts';
import type { ProviderOptions } from './provider.ts';

type ResourceIndicators = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>;
type Options = Pick<ProviderOptions, 'store' | 'audience' | 'catalogue' | 'lifetimes' | 'keys'>;

/** What tokens are for (RFC 8707), and what they may hold there. */
export function resourceIndicators(options: Options): ResourceIndicators {
  const { audience, lifetimes, keys } = options;
  const [{ alg, kid }] = keys;
  return {
    enabled: true,
    defaultResource: () => audience,
    useGrantedResource: () => true,
    getResourceServerInfo: async (ctx, resource, client) => {
      if (resource !== audience) throw new errors.InvalidTarget();
      return {
        audience,
        scope: [...(await scopesNow(options, ctx, client.clientId))].join(' '),
        accessTokenFormat: 'jwt',
        accessTokenTTL: lifetimes.access,
        jwt: { sign: { alg, kid } },
      };
    },
  };
}

/**
 * The scopes this request may yield: those of the application and, as soon as it is known who signs in, of the account
 * as it is now. This is asked at the authorization endpoint, at the exchange and at every refresh.
 */
async function scopesNow(
  { store, catalogue }: Options,
  ctx: KoaContextWithOIDC,
  clientId: string,
): Promise<Set<string>> {
  const found = await findApplicationWithSecret(store, clientId);
  if (!found) return new Set();
  const { scopes } = found.application;
  const accountId = ctx.oidc.account?.accountId;
  if (accountId === undefined) return allowedScopes(catalogue, scopes);
  const account = await findAccount(store, accountId);
  return account ? grantableScopes(catalogue, scopes, account.roles) : new Set();
}

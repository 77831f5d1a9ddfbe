import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isOutage } from '../../errors.ts';
import { factOf } from '../audit.ts';
import type { ProviderOptions } from '../options.ts';

/**
 * Reports each request to the token endpoint: to the audit trail if tokens were issued, and to `onExchange` in any
 * case.
 *
 * The audit trail collects these facts and writes them within a second. A transaction for each fact would add half to
 * the processor time of the exchange itself. The facts contain nothing that a caller wrote.
 */
export function reportTokenRequests(
  provider: Provider,
  { record = () => {}, onExchange = () => {} }: Pick<ProviderOptions, 'record' | 'onExchange'>,
): void {
  provider.on('grant.success', (ctx) => {
    const grantType = grantTypeOf(ctx);
    onExchange(grantType, 'ok');
    const type = grantType === 'refresh_token' ? 'token_refreshed' : 'token_issued';
    record(factOf(type, partiesOf(ctx), detailOf(grantType, grantIdOf(ctx))));
  });
  provider.on('grant.error', (ctx, error) => onExchange(grantTypeOf(ctx), error.error));
  provider.on('server_error', (ctx, error) => {
    if (ctx.oidc?.route !== 'token') return;
    onExchange(grantTypeOf(ctx), isOutage(error) ? 'temporarily_unavailable' : 'server_error');
  });
}

function detailOf(grantType: string, grantId: string | undefined): string {
  return grantId === undefined ? grantType : `${grantType}, grant ${grantId}`;
}

/** Returns the grant type that the caller sent. In a request that succeeded, it is one that the library knows. */
function grantTypeOf({ oidc }: KoaContextWithOIDC): string {
  const grantType = oidc?.params?.['grant_type'];
  return typeof grantType === 'string' ? grantType : 'none';
}

function grantIdOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const { AuthorizationCode, RefreshToken, AccessToken } = oidc.entities;
  return (AuthorizationCode ?? RefreshToken ?? AccessToken)?.grantId;
}

function partiesOf({ oidc }: KoaContextWithOIDC): { accountId: string | undefined; clientId: string | undefined } {
  const { RefreshToken, AccessToken, AuthorizationCode } = oidc.entities;
  const accountId = oidc.account?.accountId ?? (RefreshToken ?? AccessToken ?? AuthorizationCode)?.accountId;
  return { accountId, clientId: oidc.client?.clientId };
}

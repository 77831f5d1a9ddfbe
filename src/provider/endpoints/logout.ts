import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { shownName } from '../pages/application-name.ts';
import { logoutPage } from '../pages/logout.ts';
import { notePage } from '../pages/note.ts';
import { showPage } from '../pages/page.ts';
import type { ProviderOptions } from '../options.ts';

type LogoutOptions = Pick<ProviderOptions, 'store' | 'frame'>;
type RpInitiatedLogout = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

/**
 * Returns the settings of a logout that an application starts (OpenID Connect RP-Initiated Logout 1.0 §2). A page
 * always asks the person.
 */
export function rpInitiatedLogout(options: LogoutOptions): RpInitiatedLogout {
  return {
    enabled: true,
    logoutSource: (ctx) => askToSignOut(ctx, options),
    postLogoutSuccessSource: async (ctx) =>
      showPage(ctx, options.frame, notePage('You are signed out', 'You can close this page.')),
  };
}

/** Replaces the library's page for a browser without a signed-in account, because that page runs a script. */
export function askWithoutScript(provider: Provider, options: LogoutOptions): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'end_session' && ctx.status === 200 && ctx.oidc.session?.accountId === undefined) {
      await askToSignOut(ctx as KoaContextWithOIDC, options); // A context with this route has every member.
    }
  });
}

async function askToSignOut(ctx: KoaContextWithOIDC, { store, frame }: LogoutOptions): Promise<void> {
  const { session, client, params } = ctx.oidc;
  const account = session?.accountId === undefined ? null : await findAccount(store, session.accountId);
  const secret: unknown = session?.state?.['secret'];
  const redirectUri = params?.['post_logout_redirect_uri'];
  showPage(
    ctx,
    frame,
    logoutPage({
      action: ctx.oidc.urlFor('end_session_confirm'),
      xsrf: typeof secret === 'string' ? secret : '',
      email: account?.email ?? null,
      productName: frame.productName,
      application:
        client === undefined
          ? null
          : shownName({ id: client.clientId, name: client.clientName ?? client.clientId }, frame),
      // The library has checked that the application registered it.
      target: typeof redirectUri === 'string' ? redirectUri : null,
    }),
  );
}

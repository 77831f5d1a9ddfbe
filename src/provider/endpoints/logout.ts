import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findAccount } from '../../identity/accounts/accounts.ts';
import { logoutPage } from '../pages/logout.ts';
import { notePage } from '../pages/note.ts';
import { document, type Page, pageHeaders } from '../pages/page.ts';
import type { ProviderOptions } from '../options.ts';

type Options = Pick<ProviderOptions, 'store'>;
type RpInitiatedLogout = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

/** Logout that an application asks for (OpenID Connect RP-Initiated Logout 1.0 §2): always with a page that the person answers. */
export function rpInitiatedLogout({ store }: Options): RpInitiatedLogout {
  return {
    enabled: true,
    logoutSource: (ctx) => ask(ctx, store),
    postLogoutSuccessSource: async (ctx) => send(ctx, notePage('You are signed out', 'You can close this page.')),
  };
}

/** Where nobody is signed in, puts our page without a script in place of the library's with one. */
export function askWithoutScript(provider: Provider, { store }: Options): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'end_session' && ctx.status === 200 && ctx.oidc.session?.accountId === undefined) {
      await ask(ctx as KoaContextWithOIDC, store); // A request that has a route here has all of it.
    }
  });
}

async function ask(ctx: KoaContextWithOIDC, store: Options['store']): Promise<void> {
  const { session, client, params } = ctx.oidc;
  const account = session?.accountId === undefined ? null : await findAccount(store, session.accountId);
  const secret: unknown = session?.state?.['secret'];
  const target = params?.['post_logout_redirect_uri'];
  send(
    ctx,
    logoutPage({
      action: ctx.oidc.urlFor('end_session_confirm'),
      xsrf: typeof secret === 'string' ? secret : '',
      email: account?.email ?? null,
      applicationName: client?.clientName ?? null,
      // Checked by the library against what was registered.
      target: typeof target === 'string' ? target : null,
    }),
  );
}

function send(ctx: KoaContextWithOIDC, page: Page): void {
  ctx.status = page.status ?? 200;
  ctx.remove('content-security-policy');
  ctx.set(pageHeaders(page));
  ctx.body = document(page);
}

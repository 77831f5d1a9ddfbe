import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted } from '../../identity/applications/first-party.ts';
import { departurePage } from '../pages/departure.ts';
import { document, pageHeaders } from '../pages/page.ts';
import type { ProviderOptions } from '../options.ts';

/** Where the library sends people to an application: with an answer at once, and after a page of ours. */
const routes: ReadonlySet<string> = new Set(['authorization', 'resume']);

/**
 * Lets nobody be sent to an application that registered itself without a token unless they have seen its name and where it is: else
 * this server would redirect anywhere, for the price of a registration. The consent page says both, so that its answer leads
 * on. Everything else that would (`prompt=none`, an error, a sign-in that was cancelled) shows a page, whatever `response_mode` is.
 *
 * The page on which people sign out (logout.ts) says both for every application.
 */
export function stopDepartures(provider: Provider, { issuer, store }: Pick<ProviderOptions, 'issuer' | 'store'>): void {
  const failed = new WeakMap<object, string>();
  provider.on('authorization.error', (ctx, { error }) => failed.set(ctx, error));
  provider.use(async (ctx, next) => {
    await next();
    const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined; // Only a request with a route has it.
    if (!oidc || !routes.has(oidc.route) || !oidc.client || answersConsent(oidc)) return;
    const { location = '' } = ctx.response.headers as Readonly<Record<string, string>>; // It has one location.
    const leaves = location === '' ? postsElsewhere(ctx.body, issuer) : !isOwn(location, issuer);
    if (!leaves) return;
    const found = await findApplicationWithSecret(store, oidc.client.clientId);
    if (found && !isUnvetted(found.application)) return;
    const page = departurePage({
      applicationName: found?.application.name ?? oidc.client.clientId,
      location: location || null,
      error: failed.get(ctx) ?? null,
    });
    ctx.remove('location');
    ctx.status = page.status ?? 200;
    ctx.set(pageHeaders(page));
    ctx.body = document(page);
  });
}

/** Whether this request brings what the person chose on the consent page. */
function answersConsent({ route, entities }: KoaContextWithOIDC['oidc']): boolean {
  const { prompt, result } = entities.Interaction ?? {};
  return route === 'resume' && prompt?.name === 'consent' && result !== undefined;
}

function isOwn(location: string, issuer: string): boolean {
  return location.startsWith('/') ? !/^\/[/\\]/.test(location) : location.startsWith(`${issuer}/`);
}

/** Whether it is a page of the library that posts itself to an application: those run a script, and ours never do. */
function postsElsewhere(body: unknown, issuer: string): boolean {
  return typeof body === 'string' && body.includes('<script>') && !body.includes(`action="${issuer}/`);
}

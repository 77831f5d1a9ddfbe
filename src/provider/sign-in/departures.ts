import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { findApplicationWithSecret } from '../../identity/applications/applications.ts';
import { isUnvetted } from '../../identity/applications/first-party.ts';
import { departurePage } from '../pages/departure.ts';
import { showPage } from '../pages/page.ts';
import type { ProviderOptions } from '../options.ts';

/**
 * The routes at which the library redirects to an application: `authorization` at once, and `resume` after one of our
 * pages.
 */
const redirectingRoutes: ReadonlySet<string> = new Set(['authorization', 'resume']);

/**
 * Shows a page instead of a redirect to an application that registered itself without a token. The page states the name
 * and the host of the application. Without the page, every caller could register an application and make this server
 * redirect to any address.
 *
 * The redirect after the consent page is not replaced, because the consent page states the name and the host. Every
 * other redirect is replaced: for `prompt=none`, for an error and for a cancelled sign-in, with each `response_mode`.
 * The sign-out page (logout.ts) states the name and the host of the application to which it leads.
 */
export function interceptDepartures(
  provider: Provider,
  { issuer, store, frame }: Pick<ProviderOptions, 'issuer' | 'store' | 'frame'>,
): void {
  const errorOf = new WeakMap<object, string>();
  provider.on('authorization.error', (ctx, { error }) => errorOf.set(ctx, error));
  provider.use(async (ctx, next) => {
    await next();
    const oidc = ctx.oidc as KoaContextWithOIDC['oidc'] | undefined; // Undefined for a request without a route.
    if (!oidc || !redirectingRoutes.has(oidc.route) || !oidc.client || answersConsent(oidc)) return;
    const { location = '' } = ctx.response.headers as Readonly<Record<string, string>>; // The header has one value.
    const isDeparture = location === '' ? postsElsewhere(ctx.body, issuer) : !isOwn(location, issuer);
    if (!isDeparture) return;
    const found = await findApplicationWithSecret(store, oidc.client.clientId);
    if (found && !isUnvetted(found.application)) return;
    const page = departurePage({
      applicationName: found?.application.name ?? oidc.client.clientId,
      location: location || null,
      error: errorOf.get(ctx) ?? null,
    });
    ctx.remove('location');
    showPage(ctx, frame, page);
  });
}

/** Whether this request follows the form of the consent page. */
function answersConsent({ route, entities }: KoaContextWithOIDC['oidc']): boolean {
  const { prompt, result } = entities.Interaction ?? {};
  return route === 'resume' && prompt?.name === 'consent' && result !== undefined;
}

function isOwn(location: string, issuer: string): boolean {
  return location.startsWith('/') ? !/^\/[/\\]/.test(location) : location.startsWith(`${issuer}/`);
}

/**
 * Whether the body is a page of the library that posts a form to an application. Only these pages have a script without
 * attributes. The scripts of our pages are modules.
 */
function postsElsewhere(body: unknown, issuer: string): boolean {
  return typeof body === 'string' && body.includes('<script>') && !body.includes(`action="${issuer}/`);
}

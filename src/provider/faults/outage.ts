import type { Provider } from 'oidc-provider';
import { type ClaimgateError, isOutage } from '../../errors.ts';
import type { ProviderOptions } from '../options.ts';
import type { Frame } from '../pages/frame.ts';
import { showPage } from '../pages/page.ts';
import { faultPage, retryAfterSeconds } from '../pages/problem.ts';

/**
 * Makes every endpoint answer 503 if the database is unavailable. Clients get `temporarily_unavailable`, and people get
 * a page. The library would answer 500, as for every error of an adapter.
 */
export function answerOutages(provider: Provider, { frame }: Pick<ProviderOptions, 'frame'>): void {
  const failed = new WeakMap<object, ClaimgateError>();
  provider.on('server_error', (ctx, error) => {
    if (isOutage(error)) failed.set(ctx, error);
  });
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // The library saves the session after it has handled the request and its errors.
      if (!isOutage(error)) throw error;
      failed.set(ctx, error);
    }
    const outage = failed.get(ctx);
    if (outage) answer(ctx, frame, outage);
  });
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

function answer(ctx: Context, frame: Frame, outage: ClaimgateError): void {
  ctx.status = 503;
  ctx.set('retry-after', retryAfterSeconds);
  ctx.set('cache-control', 'no-store');
  ctx.remove('location');
  ctx.remove('www-authenticate');
  if (ctx.accepts('json', 'html') === 'html') {
    showPage(ctx, frame, faultPage(outage));
    return;
  }
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: `the database is unavailable: ${outage.evidence.reason}`,
  };
}

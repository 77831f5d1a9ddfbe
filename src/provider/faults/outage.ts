import type { Provider } from 'oidc-provider';
import { type ClaimgateError, isOutage } from '../../errors.ts';
import { document, pageHeaders } from '../pages/page.ts';
import { faultPage, retryAfter } from '../pages/problem.ts';

/**
 * Lets every endpoint of the library answer 503 where the database is unavailable: `temporarily_unavailable` for clients, a page
 * for people. The library takes what the adapter throws for a fault of the server, 500.
 */
export function answerOutages(provider: Provider): void {
  const failed = new WeakMap<object, ClaimgateError>();
  provider.on('server_error', (ctx, error) => {
    if (isOutage(error)) failed.set(ctx, error);
  });
  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      // What is kept of a session is saved after its request was handled, errors and all.
      if (!isOutage(error)) throw error;
      failed.set(ctx, error);
    }
    const outage = failed.get(ctx);
    if (outage) answer(ctx, outage);
  });
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];

function answer(ctx: Context, outage: ClaimgateError): void {
  ctx.status = 503;
  ctx.set('retry-after', retryAfter);
  ctx.set('cache-control', 'no-store');
  ctx.remove('location');
  ctx.remove('www-authenticate');
  if (ctx.accepts('json', 'html') === 'html') {
    const page = faultPage(outage);
    ctx.set(pageHeaders(page));
    ctx.body = document(page);
    return;
  }
  ctx.body = {
    error: 'temporarily_unavailable',
    error_description: `the database is unavailable: ${outage.evidence.reason}`,
  };
}

import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { ProviderOptions } from '../options.ts';
import { showPage } from '../pages/page.ts';
import { problemPage } from '../pages/problem.ts';

/** The largest body that the library reads at an endpoint, in bytes. */
const maxBytes = 57_344;

/** The library's events for a rejected request, for each endpoint that accepts a body. */
const rejections = [
  'authorization.error',
  'grant.error',
  'revocation.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'end_session.error',
  'end_session_confirm.error',
] as const;

/** Answers 413 with the limit if a body is too large. The library would answer that it could not parse the body. */
export function nameBodyLimit(provider: Provider, { frame }: Pick<ProviderOptions, 'frame'>): void {
  const tooLarge = new WeakSet<object>();
  for (const event of rejections) {
    // `as`: the types of the library accept only one event at a time. All these events have the same arguments.
    provider.on(event as 'grant.error', (ctx: KoaContextWithOIDC, error: Error) => {
      if (error.cause instanceof Error && error.cause.message === 'request entity too large') tooLarge.add(ctx);
    });
  }
  provider.use(async (ctx, next) => {
    await next();
    if (!tooLarge.has(ctx)) return;
    const description = `expected a body of up to ${maxBytes} bytes`;
    ctx.status = 413;
    ctx.remove('location');
    if (ctx.accepts('json', 'html') === 'html') {
      const page = problemPage(
        413,
        'The application that sent you here sent too much.',
        `invalid_request: ${description}`,
      );
      showPage(ctx, frame, page);
    } else {
      ctx.body = { error: 'invalid_request', error_description: description };
    }
  });
}

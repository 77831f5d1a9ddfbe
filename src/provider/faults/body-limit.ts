import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { document, pageHeaders } from '../pages/page.ts';
import { problemPage } from '../pages/problem.ts';

/** The largest body that the library reads, in bytes: at the endpoints for authorization, tokens, revocation, introspection, pushed requests and logout. */
const sizeLimit = 57_344;

/** The events by which the library tells of a request that it refused, at each endpoint that takes a body. */
const refusals = [
  'authorization.error',
  'grant.error',
  'revocation.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'end_session.error',
  'end_session_confirm.error',
] as const;

/** Answers 413 and names the limit where a body is too large: the library stops reading there and says that it cannot be parsed. */
export function nameBodyLimit(provider: Provider): void {
  const tooLarge = new WeakSet<object>();
  for (const event of refusals) {
    // All of them hand over the same, which the types say of one at a time.
    provider.on(event as 'grant.error', (ctx: KoaContextWithOIDC, error: Error) => {
      if (error.cause instanceof Error && error.cause.message === 'request entity too large') tooLarge.add(ctx);
    });
  }
  provider.use(async (ctx, next) => {
    await next();
    if (!tooLarge.has(ctx)) return;
    const description = `expected a body of up to ${sizeLimit} bytes`;
    ctx.status = 413;
    ctx.remove('location');
    if (ctx.accepts('json', 'html') === 'html') {
      const page = problemPage(
        413,
        'The application that sent you here sent too much.',
        `invalid_request: ${description}`,
      );
      ctx.set(pageHeaders(page));
      ctx.body = document(page);
    } else {
      ctx.body = { error: 'invalid_request', error_description: description };
    }
  });
}

import type { Provider } from 'oidc-provider';

/** What is expected at an endpoint in the place of a method that it does not have. */
const expected = {
  GET: 'expected GET',
  // A client follows such a redirect with GET, and leaves the body out (RFC 9110 §15.4.2 and §15.4.3).
  POST: 'expected POST with the parameters in the body; a redirect on the way, as from http to https, makes a GET of it',
} as const;

/**
 * Answers 405 where an endpoint is asked with a method that it does not have, with the one that it has. The library answers that
 * there is nothing at this address.
 *
 * @param methods by path; of a path that is not named the library decides
 */
export function nameMethods(provider: Provider, methods: Readonly<Record<string, 'GET' | 'POST'>>): void {
  provider.use(async (ctx, next) => {
    const method = Object.hasOwn(methods, ctx.path) ? methods[ctx.path] : undefined;
    const asked = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    if (method === undefined || asked === method || asked === 'OPTIONS') {
      await next();
      return;
    }
    ctx.status = 405;
    ctx.set('allow', method);
    ctx.body = { error: 'invalid_request', error_description: expected[method] };
  });
}

import type { Provider } from 'oidc-provider';
import { authenticatedPaths, endpoints } from '../paths.ts';

/**
 * The methods of the endpoints that accept only one method, by path. At endpoints where clients authenticate, this is
 * POST.
 */
const methods: Readonly<Record<string, 'GET' | 'POST'>> = {
  ...Object.fromEntries([...authenticatedPaths].map((path) => [path, 'POST'] as const)),
  [endpoints.authorization]: 'GET',
  [endpoints.jwks]: 'GET',
};

const descriptions = {
  GET: 'expected GET',
  // After a redirect, a client may send GET without the body (RFC 9110 §15.4.2, §15.4.3).
  POST: 'expected POST with the parameters in the body; a redirect on the way, as from http to https, makes a GET of it',
} as const;

/**
 * Answers 405 with the expected method if a request to an endpoint has another method. The library would answer that
 * the address does not exist.
 */
export function answerWrongMethods(provider: Provider): void {
  provider.use(async (ctx, next) => {
    const expected = Object.hasOwn(methods, ctx.path) ? methods[ctx.path] : undefined;
    const actual = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    if (expected === undefined || actual === expected || actual === 'OPTIONS') {
      await next();
      return;
    }
    ctx.status = 405;
    ctx.set('allow', expected);
    ctx.body = { error: 'invalid_request', error_description: descriptions[expected] };
  });
}

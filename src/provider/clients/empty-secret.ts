import { errors, Provider } from 'oidc-provider';
import { authenticatedPaths } from '../paths.ts';

/**
 * Treats an empty client secret in HTTP Basic authentication as no secret. Some client libraries send
 * `Basic base64("client:")` for a public client. RFC 6749 §2.3.1 lets a client leave out an empty secret. oidc-provider
 * rejects this header as malformed.
 *
 * A confidential client with an empty secret has not authenticated. It is rejected with 401 and a challenge (RFC 6749
 * §5.2).
 *
 * @returns a function that adds the client ID to the parameters of a request. Call it before the library reads them.
 */
export function acceptEmptySecret(provider: Provider): (parameters: Record<string, unknown>) => void {
  const clientIds = new WeakMap<object, string>();
  provider.use(async (ctx, next) => {
    const clientId = authenticatedPaths.has(ctx.path) ? clientIdWithoutSecret(ctx.req.headers.authorization) : null;
    if (clientId !== null) {
      delete ctx.req.headers.authorization;
      clientIds.set(ctx.req, clientId);
    }
    await next();
    if (clientId !== null && ctx.status === 401)
      ctx.set('www-authenticate', `Basic realm="${provider.issuer}", error="invalid_client"`);
  });
  return (parameters) => {
    const { ctx } = Provider;
    const clientId = ctx && clientIds.get(ctx.req);
    if (clientId === undefined || !('client_id' in parameters)) return;
    const bodyClientId = parameters['client_id'];
    if (bodyClientId !== undefined && bodyClientId !== clientId) {
      throw new errors.InvalidRequest('client_id of the body is not that of the Authorization header');
    }
    parameters['client_id'] = clientId;
  };
}

/** Returns the client ID of Basic credentials if their secret is empty (RFC 6749 §2.3.1); otherwise null. */
function clientIdWithoutSecret(authorization: string | undefined): string | null {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '') ?? [];
  const [, name = ''] =
    /^([\x21-\x39\x3b-\x7e]{1,768}):$/.exec(Buffer.from(encoded, 'base64').toString('latin1')) ?? [];
  if (name === '') return null;
  try {
    return decodeURIComponent(name.replaceAll('+', '%20'));
  } catch {
    return null;
  }
}

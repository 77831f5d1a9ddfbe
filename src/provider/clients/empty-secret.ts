import { errors, Provider } from 'oidc-provider';

/**
 * Takes an empty client secret of HTTP Basic authentication for none: libraries send `Basic base64("client:")` for a public client,
 * and RFC 6749 §2.3.1 lets a client leave out an empty secret. The library refuses it as malformed.
 *
 * A confidential client that sends it has not authenticated, and is refused with 401 and a challenge (RFC 6749 §5.2).
 *
 * @param paths where clients authenticate
 * @returns puts the client ID where the library looks for it; called with each request's parameters, before they are read
 */
export function takeEmptySecretAsNone(
  provider: Provider,
  paths: ReadonlySet<string>,
): (parameters: Record<string, unknown>) => void {
  const named = new WeakMap<object, string>();
  provider.use(async (ctx, next) => {
    const clientId = paths.has(ctx.path) ? withoutSecret(ctx.req.headers.authorization) : null;
    if (clientId !== null) {
      delete ctx.req.headers.authorization;
      named.set(ctx.req, clientId);
    }
    await next();
    if (clientId !== null && ctx.status === 401)
      ctx.set('www-authenticate', `Basic realm="${provider.issuer}", error="invalid_client"`);
  });
  return (parameters) => {
    const { ctx } = Provider;
    const clientId = ctx && named.get(ctx.req);
    if (clientId === undefined || !('client_id' in parameters)) return;
    const given = parameters['client_id'];
    if (given !== undefined && given !== clientId) {
      throw new errors.InvalidRequest('client_id of the body is not that of the Authorization header');
    }
    parameters['client_id'] = clientId;
  };
}

/** The client ID of Basic credentials whose secret is empty (RFC 6749 §2.3.1); null: these are other credentials, or none. */
function withoutSecret(authorization: string | undefined): string | null {
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

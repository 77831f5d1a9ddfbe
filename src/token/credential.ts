import { ClaimgateError } from '../errors.ts';

/** `"Bearer" 1*SP b64token` (RFC 6750 §2.1); the scheme in any case (RFC 9110 §11.1). */
const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The one credential of a request.
 *
 * Only the `Authorization` header counts: a token in the query string or the body is none (RFC 6750 §2.2 and §2.3 are
 * left out on purpose, as RFC 9700 §4.3.2 asks). Says nothing about the token itself, its size included: that is the
 * verifier's.
 *
 * @param rawHeaders - name, value, name, value…, as in Node's `IncomingMessage.rawHeaders`. `headers` will not do: Node
 * drops a second `Authorization` there, and a proxy in front may have read the other one
 * @returns the bearer token, or `null` where the request holds no credential
 * @throws ClaimgateError `INVALID_REQUEST` for anything that is neither none nor exactly one well-formed bearer token
 */
export function readCredential(rawHeaders: readonly string[]): string | null {
  const authorizations = valuesOf(rawHeaders, 'authorization');
  // A proof means a DPoP-bound token, which must come under its own scheme (RFC 9449 §7.1).
  if (valuesOf(rawHeaders, 'dpop').length > 0) {
    throw invalidRequest('A DPoP header was sent; this server takes bearer tokens only.');
  }
  const [authorization, second] = authorizations;
  if (authorization === undefined) return null;
  if (second !== undefined) throw invalidRequest('More than one Authorization header was sent.');
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw invalidRequest('The Authorization header must be of the form `Bearer <token>`.');
  return token;
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function invalidRequest(message: string): ClaimgateError {
  return new ClaimgateError('INVALID_REQUEST', message);
}

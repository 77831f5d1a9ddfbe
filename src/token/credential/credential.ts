import { ClaimgateError } from '../../errors.ts';
import { credentialFault } from './fault.ts';

/**
 * The credential of a request: a bearer token, or a token that is bound to a key together with a proof of possession of
 * that key.
 */
export type Credential =
  | { readonly scheme: 'Bearer'; readonly token: string }
  | { readonly scheme: 'DPoP'; readonly token: string; readonly proof: string };

/** The method and URL of the request. A proof is valid for one method and one URL only (RFC 9449 §4.2). */
export interface RequestTarget {
  /** The HTTP method. It is case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /**
   * The URL that clients use, without query. It must not be made from `Host` or a forwarded header, because the sender
   * chooses their values.
   */
  readonly url: string;
}

/**
 * `"Bearer" 1*SP b64token` (RFC 6750 §2.1), `"DPoP" 1*SP token68` (RFC 9449 §7.1). The scheme is not case-sensitive
 * (RFC 9110 §11.1).
 */
const authorization = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;
/** The characters of a JWT. A comma is refused, because a proxy may join two headers into one with a comma. */
const proofHeader = /^[A-Za-z0-9\-_.]+$/;

/**
 * Returns the credential of a request.
 *
 * Reads the token from the `Authorization` header only. A token in the body (RFC 6750 §2.2) or in the query string
 * (§2.3) is ignored on purpose: RFC 6750 §2.2 discourages the body, and RFC 9700 §4.3.2 forbids the query string. Reads
 * the proof from the only `DPoP` header (RFC 9449 §4.1), and accepts it with the `DPoP` scheme only: for a bearer token
 * it would prove nothing. An `Authorization` header without a value counts as absent, because clients send it for a
 * person who has not signed in.
 *
 * Does not check token and proof, nor their size. The verifier checks them.
 *
 * @param rawHeaders - name, value, name, value…, as in Node's `IncomingMessage.rawHeaders`. `IncomingMessage.headers`
 * is not enough: there Node drops a second `Authorization` header, but a proxy may have read the second header
 * @returns the credential; null if the request has no credential
 * @throws ClaimgateError `INVALID_REQUEST` if a header is repeated or malformed, or if scheme and proof do not fit
 * together
 */
export function readCredential(rawHeaders: readonly string[]): Credential | null {
  const [value, secondValue] = valuesOf(rawHeaders, 'authorization');
  const [proof, secondProof] = valuesOf(rawHeaders, 'dpop');
  if (secondValue !== undefined) throw invalidRequest('More than one Authorization header was sent.');
  if (secondProof !== undefined) throw invalidRequest('More than one DPoP header was sent.');
  if (value === undefined || value.trim() === '') {
    if (proof !== undefined) throw invalidRequest('A DPoP header was sent without an Authorization header.');
    return null;
  }
  const [, scheme, token] = authorization.exec(value) ?? [];
  if (scheme === undefined || token === undefined) {
    throw invalidRequest(credentialFault(value));
  }
  if (scheme.toLowerCase() === 'bearer') {
    if (proof !== undefined) throw invalidRequest('A DPoP header was sent with a token of the Bearer scheme.');
    return { scheme: 'Bearer', token };
  }
  if (proof === undefined) throw invalidRequest('A token of the DPoP scheme must come with a DPoP header.');
  if (!proofHeader.test(proof)) throw invalidRequest('The DPoP header must be one JWT.');
  return { scheme: 'DPoP', token, proof };
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
}

function invalidRequest(message: string): ClaimgateError {
  return new ClaimgateError('INVALID_REQUEST', message);
}

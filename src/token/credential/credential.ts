import { ClaimgateError } from '../../errors.ts';
import { credentialFault } from './fault.ts';

/** What a request proves itself with: a token that is good in any hands, or one bound to a key, with a proof of having that key. */
export type Credential =
  | { readonly scheme: 'Bearer'; readonly token: string }
  | { readonly scheme: 'DPoP'; readonly token: string; readonly proof: string };

/** The request that a credential came with: a proof is good for one method and one URL only (RFC 9449 §4.2). */
export interface RequestTarget {
  /** The HTTP method, in its own case (RFC 9110 §9.1). */
  readonly method: string;
  /** The URL as clients see it, without query. Never made from `Host` or a forwarded header, which the sender chooses. */
  readonly url: string;
}

/** `"Bearer" 1*SP b64token` (RFC 6750 §2.1), `"DPoP" 1*SP token68` (RFC 9449 §7.1); the scheme in any case (RFC 9110 §11.1). */
const authorization = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;
/** A JWT's characters, and so no second proof behind a comma, which is how a proxy may fold two headers into one. */
const proofHeader = /^[A-Za-z0-9\-_.]+$/;

/**
 * The one credential of a request.
 *
 * Only the `Authorization` header counts: a token in the query string or the body is none (RFC 6750 §2.2 and §2.3 are
 * left out on purpose, as RFC 9700 §4.3.2 asks). A proof comes in the one `DPoP` header (RFC 9449 §4.1), with the `DPoP`
 * scheme only: beside a bearer token it would prove nothing. An `Authorization` header without a value counts as none: clients
 * send it for a caller who has not signed in. Says nothing about token and proof themselves, their size
 * included: that is the verifier's.
 *
 * @param rawHeaders - name, value, name, value…, as in Node's `IncomingMessage.rawHeaders`. `headers` will not do: Node
 * drops a second `Authorization` there, and a proxy in front may have read the other one
 * @returns the credential, or `null` where the request holds none
 * @throws ClaimgateError `INVALID_REQUEST` for anything that is neither none nor exactly one well-formed credential
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

import { ClaimgateError } from '../../errors.ts';
import { credentialFault } from './fault.ts';
import { rememberRecent } from './recent.ts';

/**
 * The credential of a request. With the scheme `DPoP`, the token is bound to a key, and `proof` proves that the sender
 * has this key.
 */
export type Credential =
  | { readonly scheme: 'Bearer'; readonly token: string }
  | { readonly scheme: 'DPoP'; readonly token: string; readonly proof: string };

/** The method and URL of the request. A proof is valid only for one method and one URL (RFC 9449 §4.2). */
export interface RequestTarget {
  /** The HTTP method. It is case-sensitive (RFC 9110 §9.1). */
  readonly method: string;
  /**
   * The URL of the request without the query, as clients write it. Do not build it from `Host` or a forwarded header,
   * because the sender chooses their values.
   */
  readonly url: string;
}

/**
 * `"Bearer" 1*SP b64token` (RFC 6750 §2.1), `"DPoP" 1*SP token68` (RFC 9449 §7.1). The scheme is not case-sensitive
 * (RFC 9110 §11.1).
 */
const authorization = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*)$/i;
/**
 * The characters of a JWT. A comma is not allowed: a proxy may join two headers into one and put a comma between them.
 */
const proofHeader = /^[A-Za-z0-9\-_.]+$/;

/**
 * Returns the credential of a request.
 *
 * Reads the token only from the `Authorization` header. A token in the body or in the query string is ignored. RFC 6750
 * §2.2 discourages the body, and RFC 9700 §4.3.2 forbids the query string. An `Authorization` header without a value
 * counts as absent, because some clients send it for a person who has not signed in.
 *
 * Reads the proof from the `DPoP` header (RFC 9449 §4.1). A proof is accepted only with the `DPoP` scheme.
 *
 * Does not check the token, the proof or their size. The verifier checks them.
 *
 * @param rawHeaders - name, value, name, value…, as in Node's `IncomingMessage.rawHeaders`. `IncomingMessage.headers`
 * is not enough, because it hides a second `Authorization` header
 * @returns the credential; null if the request has no credential
 * @throws ClaimgateError `INVALID_REQUEST` if a header is repeated or malformed, or if scheme and proof do not fit
 * together
 */
export function readCredential(rawHeaders: readonly string[]): Credential | null {
  return credentialOf(credentialHeaders(rawHeaders));
}

/** The values of the headers of a credential. Undefined: the request does not have the header. */
export interface CredentialHeaders {
  readonly authorization: string | undefined;
  readonly proof: string | undefined;
}

/**
 * Returns the headers of a credential. Does not check their values.
 *
 * @throws ClaimgateError `INVALID_REQUEST` if a header is repeated
 */
export function credentialHeaders(rawHeaders: readonly string[]): CredentialHeaders {
  let authorization: string | undefined;
  let proof: string | undefined;
  let fault: string | undefined;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (isName(name, 'authorization', 'Authorization')) {
      // The fault of this header is reported before the fault of the other.
      if (authorization !== undefined) fault = 'More than one Authorization header was sent.';
      else authorization = rawHeaders[index + 1];
    } else if (isName(name, 'dpop', 'DPoP')) {
      if (proof !== undefined) fault ??= 'More than one DPoP header was sent.';
      else proof = rawHeaders[index + 1];
    }
  }
  if (fault !== undefined) throw invalidRequest(fault);
  return { authorization, proof };
}

/**
 * Returns the credential in its headers. Null: the request has no credential.
 *
 * @throws ClaimgateError `INVALID_REQUEST` if a header is malformed, or if scheme and proof do not fit together
 */
export function credentialOf({ authorization: value, proof }: CredentialHeaders): Credential | null {
  if (value === undefined || value === '' || value.trim() === '') {
    if (proof !== undefined) throw invalidRequest('A DPoP header was sent without an Authorization header.');
    return null;
  }
  const { isBearer, token } = readAuthorization(value);
  if (isBearer) {
    if (proof !== undefined) throw invalidRequest('A DPoP header was sent with a token of the Bearer scheme.');
    return { scheme: 'Bearer', token };
  }
  if (proof === undefined) throw invalidRequest('A token of the DPoP scheme must come with a DPoP header.');
  if (!proofHeader.test(proof)) throw invalidRequest('The DPoP header must be one JWT.');
  return { scheme: 'DPoP', token, proof };
}

/** What a usual `Authorization` header of the Bearer scheme has before its token. */
const usualStart = 'Bearer ';

/**
 * Returns the text that is the token, if the headers are a credential of the Bearer scheme in its usual writing. The
 * text is not checked, so it can be malformed. Null: other headers.
 */
export function uncheckedBearer({ authorization, proof }: CredentialHeaders): string | null {
  if (authorization === undefined || proof !== undefined || !authorization.startsWith(usualStart)) return null;
  return authorization.slice(usualStart.length);
}

/** Whether a header has this name. The names of headers are not case-sensitive. */
function isName(name: string | undefined, lowerCase: string, usual: string): boolean {
  if (name === undefined || name.length !== lowerCase.length) return false;
  return name === usual || name === lowerCase || name.toLowerCase() === lowerCase;
}

const readAuthorization = rememberRecent((value: string): { readonly isBearer: boolean; readonly token: string } => {
  const [, scheme, token] = authorization.exec(value) ?? [];
  if (scheme === undefined || token === undefined) throw invalidRequest(credentialFault(value));
  return { isBearer: scheme.toLowerCase() === 'bearer', token };
});

function invalidRequest(message: string): ClaimgateError {
  return new ClaimgateError('INVALID_REQUEST', message);
}

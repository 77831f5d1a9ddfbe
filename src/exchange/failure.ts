import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { isOAuthErrorCode, type OAuthError, type OAuthErrorCode, oauthError } from './oauth-error.ts';
import { Unreachable } from './transport.ts';

/**
 * A failed call that the client did not cause. It is for the operator. It contains no value of the request or the
 * answer.
 */
export interface ExchangeFailure {
  /** The `issuer` of the authorization server. */
  readonly issuer: string;
  readonly error: OAuthErrorCode;
  /**
   * The cause in one short text, such as a code of openid-client (`OAUTH_RESPONSE_IS_NOT_JSON`) or Node
   * (`ECONNREFUSED`), `status 500` or `time-out`.
   */
  readonly reason: string;
}

/** Statuses after which the client may try again. 429 is defined in RFC 6585 §4. */
const retryable: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

const tooManyRequests = 429;

/**
 * Returns the error for an answer that is not a success.
 *
 * It passes on only known error codes, and the seconds of `Retry-After`. It does not read other members of the body,
 * such as `error_description`. They may repeat values of the request.
 *
 * @param code - `error` of the body. Undefined: the body has none
 * @param retryAfter - the header `Retry-After`
 */
export function failureOfAnswer(status: number, code: string | undefined, retryAfter: string | undefined): OAuthError {
  if (status === tooManyRequests) return oauthError('temporarily_unavailable', retryAdvice(retryAfter));
  if (code !== undefined && isOAuthErrorCode(code)) return oauthError(code);
  return oauthError(retryable.has(status) ? 'temporarily_unavailable' : 'server_error');
}

/** Returns a sentence that says when to try again. It depends only on the header `Retry-After` (RFC 9110 §10.2.3). */
function retryAdvice(retryAfter: string | undefined): string {
  const [seconds] = /^\d{1,5}$/.exec(retryAfter ?? '') ?? [];
  const when = seconds === undefined ? 'later' : `in ${Number(seconds)} seconds`;
  return `Too many attempts. Try again ${when}.`;
}

/** Translates an error of openid-client into the error for the client. */
export function failureOf(error: unknown): OAuthError {
  if (error instanceof ResponseBodyError) {
    return failureOfAnswer(error.status, error.error, error.response.headers.get('retry-after') ?? undefined);
  }
  // RFC 6749 §5.2: if the client used the `Authorization` header, failed authentication is answered with 401 and a
  // challenge.
  if (error instanceof WWWAuthenticateChallengeError) {
    return oauthError(error.status === 401 ? 'invalid_client' : 'server_error');
  }
  if (error instanceof ClientError) {
    if (error.cause instanceof Unreachable) return oauthError('temporarily_unavailable');
    if (error.cause instanceof Response && retryable.has(error.cause.status))
      return oauthError('temporarily_unavailable');
  }
  return oauthError('server_error');
}

/** Returns a code as the reason for the log. Messages and causes may repeat values of the request or the answer. */
export function failureReason(error: unknown): string {
  if (error instanceof ClientError && error.cause instanceof Unreachable) return error.cause.reason;
  if (error instanceof ResponseBodyError) return `status ${error.status}`;
  return error instanceof ClientError && error.code ? error.code : 'unexpected';
}

/**
 * Codes for connections that were not established. `PROXY_REFUSED` comes from the `fetch` of the server, all others
 * from Node.
 */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'PROXY_REFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether it is certain that no request was sent. It is not certain after a time-out or a broken connection. */
export function wasNeverSent(error: unknown): boolean {
  return (
    error instanceof ClientError &&
    error.cause instanceof Unreachable &&
    neverConnected.has(error.cause.reason.split(' ', 1)[0] ?? '')
  );
}

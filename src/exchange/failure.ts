import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { isOAuthErrorCode, type OAuthError, type OAuthErrorCode, oauthError } from './oauth-error.ts';
import { Unreachable } from './transport.ts';

/**
 * A failed call that the client did not cause. It is for the operator, and contains no value of the request or the
 * answer.
 */
export interface ExchangeFailure {
  /** The `issuer` of the authorization server. */
  readonly issuer: string;
  readonly error: OAuthErrorCode;
  /** A code of openid-client (`OAUTH_RESPONSE_IS_NOT_JSON`) or of Node (`ECONNREFUSED`), or `time-out`. */
  readonly reason: string;
}

/** Statuses after which the client may try again: 408, 429 (RFC 6585 §4), 503, and 502 and 504 of a gateway. */
const retryable: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

const tooManyRequests = 429;

/** Returns the sentence that says when to try again. `Retry-After` (RFC 9110 §10.2.3) is the only header that is read for it. */
function retryAdvice({ headers }: Response): string {
  const [seconds] = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '') ?? [];
  const when = seconds === undefined ? 'later' : `in ${Number(seconds)} seconds`;
  return `Too many attempts. Try again ${when}.`;
}

/**
 * Translates an error of openid-client into the error for the client.
 *
 * Passes on only known error codes. Does not read `error_description` or any other part of the answer, because it may
 * repeat values of the request.
 */
export function failureOf(error: unknown): OAuthError {
  if (error instanceof ResponseBodyError) {
    if (error.status === tooManyRequests) return oauthError('temporarily_unavailable', retryAdvice(error.response));
    if (isOAuthErrorCode(error.error)) return oauthError(error.error);
    return oauthError(retryable.has(error.status) ? 'temporarily_unavailable' : 'server_error');
  }
  // RFC 6749 §5.2: the server answers failed authentication by `Authorization` with 401 and a challenge.
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

/** Returns the reason for the log, as a code: messages and causes may repeat a value of the request or the answer. */
export function reasonOf(error: unknown): string {
  if (error instanceof ClientError && error.cause instanceof Unreachable) return error.cause.reason;
  if (error instanceof ResponseBodyError) return `status ${error.status}`;
  return error instanceof ClientError && error.code ? error.code : 'unexpected';
}

/** Codes of Node for connections that were not established. */
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

/**
 * Whether an error shows for certain that nothing was sent. After a time-out or a broken connection this is not
 * certain.
 */
export function wasNeverSent(error: unknown): boolean {
  return (
    error instanceof ClientError &&
    error.cause instanceof Unreachable &&
    neverConnected.has(error.cause.reason.split(' ', 1)[0] ?? '')
  );
}

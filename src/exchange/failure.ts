import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { isOAuthErrorCode, type OAuthError, type OAuthErrorCode, oauthError } from './oauth-error.ts';
import { Unreachable } from './transport.ts';

/** What an operator needs to know of a call that failed for no fault of the client: nothing of what was sent or answered. */
export interface ExchangeFailure {
  /** `issuer` of the authorization server. */
  readonly issuer: string;
  readonly error: OAuthErrorCode;
  /** A code of openid-client (`OAUTH_RESPONSE_IS_NOT_JSON`) or of Node (`ECONNREFUSED`), or `time-out`. */
  readonly reason: string;
}

/** Statuses that say "later": 408, 429 (RFC 6585 §4), 502 and 504 of a gateway, 503. */
const later: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

const tooMany = 429;

/** When to come back (RFC 9110 §10.2.3): the one number of the answer that is read. */
function comeBack({ headers }: Response): string {
  const [seconds] = /^\d{1,5}$/.exec(headers.get('retry-after') ?? '') ?? [];
  const when = seconds === undefined ? 'later' : `in ${Number(seconds)} seconds`;
  return `Too many attempts. Try again ${when}.`;
}

/**
 * What an error of openid-client means to the client.
 *
 * Only a known error code is kept; `error_description` and everything else of the answer is dropped unread, since it may
 * repeat what was sent.
 */
export function failureOf(error: unknown): OAuthError {
  if (error instanceof ResponseBodyError) {
    if (error.status === tooMany) return oauthError('temporarily_unavailable', comeBack(error.response));
    if (isOAuthErrorCode(error.error)) return oauthError(error.error);
    return oauthError(later.has(error.status) ? 'temporarily_unavailable' : 'server_error');
  }
  // RFC 6749 §5.2: a client that authenticated by `Authorization` and failed is answered 401 with a challenge.
  if (error instanceof WWWAuthenticateChallengeError) {
    return oauthError(error.status === 401 ? 'invalid_client' : 'server_error');
  }
  if (error instanceof ClientError) {
    if (error.cause instanceof Unreachable) return oauthError('temporarily_unavailable');
    if (error.cause instanceof Response && later.has(error.cause.status)) return oauthError('temporarily_unavailable');
  }
  return oauthError('server_error');
}

/** Why, for the log: codes only, since messages and causes may repeat what was sent or answered. */
export function reasonOf(error: unknown): string {
  if (error instanceof ClientError && error.cause instanceof Unreachable) return error.cause.reason;
  if (error instanceof ResponseBodyError) return `status ${error.status}`;
  return error instanceof ClientError && error.code ? error.code : 'unexpected';
}

/** Codes of Node for connections that never came about. */
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

/** Whether nothing was sent, for sure. After a time-out or a lost connection nobody can say. */
export function wasNeverSent(error: unknown): boolean {
  return (
    error instanceof ClientError &&
    error.cause instanceof Unreachable &&
    neverConnected.has(error.cause.reason.split(' ', 1)[0] ?? '')
  );
}

import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isOutage } from '../../errors.ts';
import type { Attempts, ClientAttempt, ClientMistake } from '../../identity/attempts/attempts.ts';
import { authenticatedRoutes } from '../paths.ts';
import type { IssueMarks } from './issue-marks.ts';

/** The options of the limits on guessing. */
export interface GuessingOptions {
  readonly attempts: Attempts;
  readonly issued: IssueMarks;
  /** Called for faults of the server, never for mistakes of a caller. */
  readonly onFault: (error: Error) => void;
}

/**
 * Limits guessing at every endpoint where clients authenticate. If a client or an address has too many failed attempts,
 * the credentials are not checked. The answer is 429 with the time to wait (RFC 6585 §4). Clients that do not exist are
 * counted in the same way.
 */
export function limitGuessing(provider: Provider, { attempts, issued, onFault }: GuessingOptions): void {
  const attempted = new WeakMap<object, ClientAttempt>();
  const outcomes = new WeakMap<object, ClientMistake | 'success'>();

  // For every method of authentication, the library calls this function first.
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    const { ctx } = Provider;
    if (ctx && authenticatedRoutes.has(ctx.oidc.route) && !attempted.has(ctx)) {
      const attempt = await attempts.client(id, ctx.ip).catch((error: unknown) => {
        onFault(error instanceof Error ? error : new Error('attempts could not be read', { cause: error }));
        throw isOutage(error) ? error : retryLater(ctx, 503, 5);
      });
      attempted.set(ctx, attempt);
      if (attempt.refusedForSeconds !== null) throw retryLater(ctx, 429, attempt.refusedForSeconds);
    }
    return find(id);
  };

  const noteFailure = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
    const mistake = mistakeOf(ctx, error, issued);
    if (mistake) outcomes.set(ctx, mistake);
  };
  provider.on('grant.error', noteFailure);
  provider.on('revocation.error', noteFailure);
  provider.on('introspection.error', noteFailure);
  provider.on('pushed_authorization_request.error', noteFailure);
  provider.on('grant.success', (ctx) => outcomes.set(ctx, 'success'));

  provider.use(async (ctx, next) => {
    await next();
    const attempt = attempted.get(ctx);
    const outcome = outcomes.get(ctx);
    if (!attempt || !outcome) return;
    try {
      await (outcome === 'success' ? attempt.succeeded() : attempt.failed(outcome));
    } catch (error) {
      onFault(error instanceof Error ? error : new Error('an attempt was not counted', { cause: error }));
      // If tokens were issued, they are still returned. But a failed guess that was not counted must not be reported as
      // failed.
      if (outcome === 'success') return;
      if (isOutage(error)) throw error;
      ctx.status = 503;
      ctx.set('retry-after', '5');
      ctx.remove('www-authenticate');
      ctx.body = { error: 'temporarily_unavailable', error_description: 'try again in 5 seconds' };
    }
  });
}

/**
 * Returns the kind of mistake if an error is evidence of guessing; otherwise null. The function reads the library's
 * description of the error.
 *
 * The client secrets, codes and refresh tokens of this server have 256 random bits and cannot be found by guessing. The
 * limits slow guessing down. They must not affect clients that do not guess:
 *
 * - If a client fails to authenticate, it guesses a secret or key. An exception is an assertion with a valid signature
 *   that has expired, is not valid yet, or is sent again: its client has the key.
 * - If a confidential client has authenticated, it does not guess. It sends stored refresh tokens whose grants may have
 *   ended without its knowledge. It also sends codes, and any browser can bring a code to its redirect URI.
 * - A public client cannot authenticate, so only its code or refresh token is judged. If the value was never issued
 *   here, it is a guess. If it was issued here, it is not a guess. It has expired, or was used or revoked. Its row may
 *   be deleted.
 * - If a public client sends the code or token of another client, or a wrong PKCE verifier, it guesses.
 * - An error about a DPoP key, a redirect URI, a scope or an account is not a guess.
 */
function mistakeOf(
  { oidc: { client, params } }: KoaContextWithOIDC,
  { error, error_detail: detail = '' }: errors.OIDCProviderError,
  issued: IssueMarks,
): ClientMistake | null {
  if (error === 'invalid_client') return signedAssertion.test(detail) ? null : 'authentication';
  if (error !== 'invalid_grant' || client?.clientAuthMethod !== 'none') return null;
  if (otherHolder.test(detail)) return 'grant';
  if (!notFound.test(detail)) return null;
  const value = params?.['grant_type'] === 'refresh_token' ? params['refresh_token'] : params?.['code'];
  return typeof value === 'string' && issued.wasIssued(value) ? null : 'grant';
}

/** The faults of an assertion that the library reports after it has verified the signature. */
const signedAssertion =
  /^(?:jwt expired|jwt not active yet|assertion expires too late|client assertion tokens must only be used once)$/;
const otherHolder = /^client mismatch$|^code_verifier /;
const notFound = /^(?:refresh token|authorization code) not found$/;

/** Sets the header `Retry-After`. @returns the error for an answer with this status */
function retryLater(ctx: KoaContextWithOIDC, status: 429 | 503, seconds: number): Error {
  ctx.set('retry-after', String(seconds));
  const reason = status === 429 ? 'too many failed attempts: ' : '';
  const error = new errors.CustomOIDCProviderError(
    'temporarily_unavailable',
    `${reason}try again in ${seconds} seconds`,
  );
  error.status = status;
  error.statusCode = status;
  return error;
}

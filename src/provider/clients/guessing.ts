import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { isOutage } from '../../errors.ts';
import type { Attempts, ClientAttempt, ClientMistake } from '../../identity/attempts/attempts.ts';
import type { Issued } from './issue-marks.ts';

export interface GuessingOptions {
  readonly attempts: Attempts;
  readonly issued: Issued;
  /** Told of faults of the server; never of what a caller did wrong. */
  readonly onFault: (error: Error) => void;
}

/** Where clients prove themselves, by the library's names of its routes. */
const routes: ReadonlySet<string> = new Set(['token', 'revocation', 'introspection', 'pushed_authorization_request']);

/**
 * Slows clients that guess, at every endpoint where they prove themselves: who got too much wrong is answered 429 and when to
 * come back (RFC 6585 §4), before anything of the request is looked at. A client that does not exist is counted like one that does.
 */
export function slowGuessing(provider: Provider, { attempts, issued, onFault }: GuessingOptions): void {
  const attempted = new WeakMap<object, ClientAttempt>();
  const outcomes = new WeakMap<object, ClientMistake | 'success'>();

  // The first that the library does with the name of a client, in whichever way it was sent.
  const find = provider.Client.find.bind(provider.Client);
  provider.Client.find = async (id) => {
    const { ctx } = Provider;
    if (ctx && routes.has(ctx.oidc.route) && !attempted.has(ctx)) {
      const attempt = await attempts.client(id, ctx.ip).catch((error: unknown) => {
        onFault(error instanceof Error ? error : new Error('attempts could not be read', { cause: error }));
        throw isOutage(error) ? error : later(ctx, 503, 5);
      });
      attempted.set(ctx, attempt);
      if (attempt.refusedFor !== null) throw later(ctx, 429, attempt.refusedFor);
    }
    return find(id);
  };

  const failed = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
    const mistake = mistakeOf(ctx, error, issued);
    if (mistake) outcomes.set(ctx, mistake);
  };
  provider.on('grant.error', failed);
  provider.on('revocation.error', failed);
  provider.on('introspection.error', failed);
  provider.on('pushed_authorization_request.error', failed);
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
      // Tokens that were given stay given; whether a guess was wrong is told only where it is counted.
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
 * Which wrong answers are evidence of guessing, by what the library says of an error.
 *
 * All secrets that this server makes (secrets of clients, codes, refresh tokens) are 256 random bits: at no rate are they found. So
 * the limits are no lock before them; they show and slow callers that try, and must not hit callers that do not:
 *
 * - A client that does not prove itself guesses its secret, or its key. Not where its assertion carries a signature of its key and is
 *   late, early or there for the second time: that client has its key.
 * - A confidential client that has proved itself guesses nothing. It passes on what it stored for people, whose grants end without
 *   its knowledge, and codes that anyone sends to its redirect URI.
 * - A public client proves nothing, so what it hands in is all there is to judge by. A value that was never issued here is a guess.
 *   One that was issued here is stale: its grant was revoked, it expired, it was used, and its row may be gone.
 * - A public client that has another client's code or token, or a code without its PKCE verifier, tries what it was not given.
 * - What a DPoP key, a redirect URI, a scope or an account is lacking is no attempt at a secret.
 */
function mistakeOf(
  { oidc: { client, params } }: KoaContextWithOIDC,
  { error, error_detail: detail = '' }: errors.OIDCProviderError,
  issued: Issued,
): ClientMistake | null {
  if (error === 'invalid_client') return signedAssertion.test(detail) ? null : 'authentication';
  if (error !== 'invalid_grant' || client?.clientAuthMethod !== 'none') return null;
  if (notGiven.test(detail)) return 'grant';
  if (!unknown.test(detail)) return null;
  const value = params?.['grant_type'] === 'refresh_token' ? params['refresh_token'] : params?.['code'];
  return typeof value === 'string' && issued.wasIssued(value) ? null : 'grant';
}

/** What the library finds in an assertion after it has verified its signature. */
const signedAssertion =
  /^(?:jwt expired|jwt not active yet|assertion expires too late|client assertion tokens must only be used once)$/;
const notGiven = /^client mismatch$|^code_verifier /;
const unknown = /^(?:refresh token|authorization code) not found$/;

/** An answer that says when to come back. */
function later(ctx: KoaContextWithOIDC, status: 429 | 503, seconds: number): Error {
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

import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type ClaimgateError, errorKinds } from '../errors.ts';
import { type ChallengeDetails, type ChallengeOptions, challenge } from './challenge.ts';

/**
 * What a caller is told of an error: its message, code and evidence, and never its cause.
 *
 * @param whole - given where the answer is nothing but this error: it then carries the HTTP status of its code, and the
 * challenge, `Retry-After`, `DPoP-Nonce` and `Cache-Control: no-store` as headers. Left out, the HTTP answer is none of
 * its business, as with one field's error among data
 * @param scheme - the scheme of the credential that was sent. Default `Bearer`
 */
export function toGraphQLError(
  error: ClaimgateError,
  whole?: ChallengeOptions,
  scheme: ChallengeDetails['scheme'] = 'Bearer',
): GraphQLError {
  const { challengeScope, ...evidence } = error.evidence;
  const { maxAge, acrValues } = evidence;
  const extensions = { ...evidence, code: error.code };
  if (!whole) return new GraphQLError(error.message, { extensions });
  const { status, retryAfter } = errorKinds[error.code];
  const headers = new HeaderMap([['cache-control', 'no-store']]);
  const authenticate = challenge(whole, error.code, {
    scheme,
    description: error.message,
    ...(challengeScope !== undefined && { scope: challengeScope }),
    ...(maxAge !== undefined && { maxAge }),
    ...(acrValues && { acrValues }),
  });
  if (authenticate !== undefined) headers.set('www-authenticate', authenticate);
  // RFC 9449 §9: with the 401 that asks for it; and with any other, so that the next proof need not be asked for one.
  const nonce = scheme === 'DPoP' ? whole.proofs?.nonce() : null;
  if (typeof nonce === 'string') headers.set('dpop-nonce', nonce);
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  return new GraphQLError(error.message, { extensions: { ...extensions, http: { status, headers } } });
}

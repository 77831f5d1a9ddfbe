import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type ClaimgateError, errorKinds } from '../errors.ts';
import { type ChallengeOptions, challenge } from './challenge.ts';

/**
 * What a caller is told of an error: its message, code and evidence, and never its cause.
 *
 * @param whole - given where the answer is nothing but this error: it then carries the HTTP status of its code, and the
 * challenge, `Retry-After` and `Cache-Control: no-store` as headers. Left out, the HTTP answer is none of its business,
 * as with one field's error among data
 */
export function toGraphQLError(error: ClaimgateError, whole?: ChallengeOptions): GraphQLError {
  const { challengeScope, ...evidence } = error.evidence;
  const extensions = { ...evidence, code: error.code };
  if (!whole) return new GraphQLError(error.message, { extensions });
  const { status, retryAfter } = errorKinds[error.code];
  const headers = new HeaderMap([['cache-control', 'no-store']]);
  const authenticate = challenge(whole, error.code, {
    description: error.message,
    ...(challengeScope !== undefined && { scope: challengeScope }),
  });
  if (authenticate !== undefined) headers.set('www-authenticate', authenticate);
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  return new GraphQLError(error.message, { extensions: { ...extensions, http: { status, headers } } });
}

import { isPromiseLike } from '../../auth/maybe-promise.ts';
import type { ApiContext } from '../../api/request/context.ts';
import type { ChallengeOptions } from '../../request/challenge-options.ts';
import { callerReader } from '../../request/context.ts';
import type { Config } from '../../config.ts';
import { graphqlPath } from '../../http/graphql/graphql.ts';
import type { GraphqlRequest } from '../../http/graphql/options.ts';
import { resourceMetadataPath } from '../../http/resource-metadata.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { createVerifier } from '../../token/verify.ts';
import type { Api } from './api.ts';
import type { TrustedIssuers } from './authorities.ts';

/** Returns the values of the `WWW-Authenticate` challenge for refused requests (RFC 6750 §3). */
export function challengeOf(config: Config, { proofs }: TrustedIssuers): Required<ChallengeOptions> {
  return {
    realm: config.audience,
    resourceMetadata: new URL(resourceMetadataPath, config.publicUrl).href,
    proofs,
  };
}

/**
 * Makes the function that creates the context of an operation from the credential of its request.
 *
 * @returns a function that throws, or rejects, if the credential is refused. It returns a promise only if it must wait
 */
export function callersOf(
  config: Config,
  { metrics }: { readonly metrics: Metrics },
  { exchanges }: Api,
  trusted: TrustedIssuers,
): (request: GraphqlRequest) => ApiContext | Promise<ApiContext> {
  const { authorities, proofs } = trusted;
  const revocations = authorities.find((authority) => authority.revocations)?.revocations;
  const callerOf = callerReader({
    verifier: createVerifier({
      issuers: authorities.flatMap(({ issuers }) => issuers),
      proofs,
      ...(revocations && { revocations }),
      onVerification: (error, cached) => metrics.verified({ outcome: error?.code ?? 'ok', cached }),
    }),
    url: config.publicUrl + graphqlPath,
    ...challengeOf(config, trusted),
    ...(exchanges && { remedy: getNewToken }),
  });
  return ({ rawHeaders, method, address }) => {
    const caller = callerOf(rawHeaders, method);
    return isPromiseLike(caller)
      ? caller.then((principal) => ({ principal, address }))
      : { principal: caller, address };
  };
}

/** Advice for clients whose token is refused. */
const getNewToken =
  'Get a new one: beginAuthorization, exchangeAuthorizationCode, refreshAccessToken and revokeToken are sent without an Authorization header.';

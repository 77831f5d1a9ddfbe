import { ClaimgateError } from '../errors.ts';
import { anonymous, type Principal } from '../principal.ts';
import { type Credential, readCredential } from '../token/credential/credential.ts';
import type { Verifier } from '../token/verify.ts';
import type { ChallengeOptions } from './challenge.ts';
import { toGraphQLError } from './graphql-error.ts';
import { type IncomingRequest, readRequest } from './incoming-request.ts';

/** The options of `createContext`. */
export interface ContextOptions extends ChallengeOptions {
  readonly verifier: Verifier;
  /**
   * The URL of the API endpoint as clients see it. A client makes its DPoP proofs for this URL (RFC 9449 §4.2). The URL
   * is configured and never taken from a request, because the sender of a request chooses its `Host` header.
   */
  readonly url: string;
  /** A sentence that says what to do about a refused token. It is added to the error. Default: none. */
  readonly remedy?: string;
}

/** The part of the context that is made for every request. */
export interface PrincipalContext {
  readonly principal: Principal;
}

/**
 * Creates the function that makes the context of a request, for the option `context` of a GraphQL server. With Apollo
 * Server it is `context: ({ req }) => caller(req)`. An application may add further members to the context.
 *
 * The function takes the request of Node or of the Fetch API. If a server has both, pass the request of Node: an
 * adapter may have dropped a second `Authorization` header when it made the Fetch request.
 *
 * If the credential is not valid, the whole request is refused, even if every selected field is public, because the
 * sender does not expect to be anonymous. The caller of a request without a credential is anonymous.
 *
 * @param options - the verifier, the URL of the API endpoint, and the challenge of refused requests
 * @returns a function of the request. It throws GraphQLError with the HTTP status and headers of the answer: 400
 * `INVALID_REQUEST`, 401 `INVALID_TOKEN`, `INVALID_DPOP_PROOF` or `USE_DPOP_NONCE`, 503 `KEYS_UNAVAILABLE` or
 * `PROOFS_UNAVAILABLE`. For a value that is not a request, it throws TypeError, which servers answer with 500
 */
export function createContext(options: ContextOptions): (request: IncomingRequest) => Promise<PrincipalContext> {
  return async (request) => {
    const { rawHeaders, method } = readRequest(request);
    let credential: Credential | null = null;
    try {
      credential = readCredential(rawHeaders);
      if (credential === null) return { principal: anonymous };
      return { principal: await options.verifier.verify(credential, { method, url: options.url }) };
    } catch (error) {
      throw error instanceof ClaimgateError
        ? toGraphQLError(withRemedy(error, options), options, credential?.scheme)
        : error;
    }
  };
}

function withRemedy(error: ClaimgateError, { remedy }: ContextOptions): ClaimgateError {
  if (error.code !== 'INVALID_TOKEN' || remedy === undefined) return error;
  return new ClaimgateError(error.code, `${error.message} ${remedy}`, { evidence: error.evidence, cause: error.cause });
}

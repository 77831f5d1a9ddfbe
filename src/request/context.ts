import { checkOptions, optionsOf } from '../protocol/options/check-options.ts';
import { aString, expectsKind, withFunctions } from '../protocol/options/kinds.ts';
import { ClaimgateError } from '../errors.ts';
import { isPromiseLike } from '../auth/maybe-promise.ts';
import { anonymous, type Principal, type VerifiedPrincipal } from '../principal.ts';
import { type Credential, credentialHeaders, credentialOf, uncheckedBearer } from '../token/credential/credential.ts';
import { knownBearersOf } from '../token/known-bearer.ts';
import type { Verifier } from '../token/verify.ts';
import { type ChallengeOptions, challengeSettings } from './challenge-options.ts';
import { toGraphQLError } from './graphql-error.ts';
import { type IncomingRequest, readRequest } from './incoming-request.ts';

/** The options of `createContext`. */
export interface ContextOptions extends ChallengeOptions {
  readonly verifier: Verifier;
  /**
   * The public URL of the API endpoint. A client makes its DPoP proofs for this URL (RFC 9449 §4.2). It is configured,
   * because the sender of a request chooses the `Host` header.
   */
  readonly url: string;
  /**
   * A sentence that tells the caller what to do about a refused token. It is added to the message of `INVALID_TOKEN`.
   * Default: no sentence.
   */
  readonly remedy?: string;
}

const checkContextOptions = optionsOf<ContextOptions>({
  verifier: { check: withFunctions('the result of createVerifier', 'verify'), required: true },
  url: {
    check: expectsKind('an absolute URL', (value) => typeof value === 'string' && URL.canParse(value)),
    required: true,
  },
  ...challengeSettings,
  remedy: { check: aString },
});

/** The members of the context that `createContext` makes. */
export interface PrincipalContext {
  readonly principal: Principal;
}

/**
 * Makes the function that makes the context of a request, for the option `context` of a GraphQL server. With Apollo
 * Server, use `context: ({ req }) => caller(req)`. An application may add further members to the context.
 *
 * The function takes the request of Node or of the Fetch API. If a server has both, pass the request of Node. An
 * adapter that makes the Fetch request may drop a second `Authorization` header.
 *
 * Without a credential, the caller is anonymous. If the credential is not valid, the complete request is refused, even
 * if every selected field is public.
 *
 * @param options - the verifier, the URL of the API endpoint, and the challenge of refused requests
 * @returns a function of the request. It throws GraphQLError with the HTTP status and headers of the answer: 400
 * `INVALID_REQUEST`, 401 `INVALID_TOKEN`, `INVALID_DPOP_PROOF` or `USE_DPOP_NONCE`, 503 `KEYS_UNAVAILABLE`,
 * `REVOCATIONS_UNAVAILABLE` or `PROOFS_UNAVAILABLE`. It throws TypeError for a value that is not a request
 * @throws StartError with all faults of the options
 */
export function createContext(options: ContextOptions): (request: IncomingRequest) => Promise<PrincipalContext> {
  checkOptions('createContext', options, checkContextOptions);
  const callerOf = callerReader(options);
  return async (request) => {
    const { rawHeaders, method } = readRequest(request);
    return { principal: await callerOf(rawHeaders, method) };
  };
}

/**
 * Does the work of `createContext`. The options are already checked.
 *
 * @returns a function of the header lines (name, value, name, value…) and the method of a request. It returns a promise
 * only if it must wait. It throws and rejects with the errors of `createContext`
 */
export function callerReader(
  options: ContextOptions,
): (rawHeaders: readonly string[], method: string) => Principal | Promise<Principal> {
  const refusal = (error: unknown, credential: Credential | null): unknown =>
    error instanceof ClaimgateError ? toGraphQLError(withRemedy(error, options), options, credential?.scheme) : error;
  const settled = async (verifying: Promise<VerifiedPrincipal>, credential: Credential) => {
    try {
      return await verifying;
    } catch (error) {
      throw refusal(error, credential);
    }
  };
  const findKnown = knownBearersOf(options.verifier);
  return (rawHeaders, method) => {
    let credential: Credential | null = null;
    try {
      const headers = credentialHeaders(rawHeaders);
      const text = findKnown ? uncheckedBearer(headers) : null;
      const known = findKnown && text !== null ? findKnown(text) : null;
      if (known !== null) return known;
      credential = credentialOf(headers);
      if (credential === null) return anonymous;
      const verified = options.verifier.verify(credential, { method, url: options.url });
      return isPromiseLike(verified) ? settled(verified, credential) : verified;
    } catch (error) {
      throw refusal(error, credential);
    }
  };
}

function withRemedy(error: ClaimgateError, { remedy }: ContextOptions): ClaimgateError {
  if (error.code !== 'INVALID_TOKEN' || remedy === undefined) return error;
  return new ClaimgateError(error.code, `${error.message} ${remedy}`, { evidence: error.evidence, cause: error.cause });
}

import { ClaimgateError } from '../errors.ts';
import { anonymous, type Principal } from '../principal.ts';
import { type Credential, readCredential } from '../token/credential/credential.ts';
import type { Verifier } from '../token/verify.ts';
import type { ChallengeOptions } from './challenge.ts';
import { toGraphQLError } from './errors.ts';
import { requestFault } from './incoming-request.ts';

/** What a context is made with. */
export interface ContextOptions extends ChallengeOptions {
  readonly verifier: Verifier;
  /**
   * The URL of the API endpoint as clients see it: DPoP proofs are made for it (RFC 9449 §4.2). It is configured and never
   * made from a request, whose `Host` the sender chooses.
   */
  readonly url: string;
  /** What to do about a refused token, as a sentence added to the error. Default: nothing. */
  readonly remedy?: string;
}

/** What is read of a request. Node's `IncomingMessage` will do. */
export interface IncomingRequest {
  /** Name, value, name, value…: the one form that still shows a header that was sent twice. */
  readonly rawHeaders: readonly string[];
  readonly method?: string | undefined;
}

/** What the context of every request holds. */
export interface PrincipalContext {
  readonly principal: Principal;
}

/**
 * Makes the function that finds out who is calling, for Apollo Server's `context`:
 * `context: ({ req }) => caller(req)`, or with more spread beside it.
 *
 * A bad credential refuses the whole request, even where all it asks for is public: the caller believes to be somebody.
 *
 * @returns a function of the request, which throws GraphQLError with the HTTP status and headers of the answer: 400
 * `INVALID_REQUEST`, 401 `INVALID_TOKEN`, `INVALID_DPOP_PROOF` or `USE_DPOP_NONCE`, 503 `KEYS_UNAVAILABLE` or
 * `PROOFS_UNAVAILABLE`. Of what is not such a request it throws TypeError, which Apollo Server answers with 500
 */
export function createContext(options: ContextOptions): (request: IncomingRequest) => Promise<PrincipalContext> {
  return async (request) => {
    const fault = requestFault(request);
    if (fault !== null) throw new TypeError(fault);
    const { rawHeaders, method = '' } = request;
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

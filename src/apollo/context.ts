import { ClaimgateError } from '../errors.ts';
import { anonymous, type Principal } from '../principal.ts';
import { readCredential } from '../token/credential.ts';
import type { Verifier } from '../token/verify.ts';
import type { ChallengeOptions } from './challenge.ts';
import { toGraphQLError } from './errors.ts';

/** What a context is made with. */
export interface ContextOptions extends ChallengeOptions {
  readonly verifier: Verifier;
  /** What to do about a refused token, as a sentence added to the error. Default: nothing. */
  readonly remedy?: string;
}

/** What the context of every request holds. */
export interface PrincipalContext {
  readonly principal: Principal;
}

/**
 * Makes the function that finds out who is calling, for Apollo Server's `context`:
 * `context: ({ req }) => createContext(options)(req.rawHeaders)`, or with more spread beside it.
 *
 * A bad credential refuses the whole request, even where all it asks for is public: the caller believes to be somebody.
 *
 * @returns a function of the raw headers (name, value, name, value…), which throws GraphQLError with the HTTP status and
 * headers of the answer: 400 `INVALID_REQUEST`, 401 `INVALID_TOKEN`, 503 `KEYS_UNAVAILABLE`
 */
export function createContext(options: ContextOptions): (rawHeaders: readonly string[]) => Promise<PrincipalContext> {
  return async (rawHeaders) => {
    try {
      const token = readCredential(rawHeaders);
      return { principal: token === null ? anonymous : await options.verifier.verify(token) };
    } catch (error) {
      throw error instanceof ClaimgateError ? toGraphQLError(withRemedy(error, options), options) : error;
    }
  };
}

function withRemedy(error: ClaimgateError, { remedy }: ContextOptions): ClaimgateError {
  if (error.code !== 'INVALID_TOKEN' || remedy === undefined) return error;
  return new ClaimgateError(error.code, `${error.message} ${remedy}`, { evidence: error.evidence, cause: error.cause });
}

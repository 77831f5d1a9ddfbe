import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import { createStamps } from '../../protocol/stamps.ts';
import type { Denial } from './denial.ts';

const denials = createStamps<true>();

/** Makes the error of a denial. `repeatsDenial` recognizes this error. */
export function denialError(message: string, options: GraphQLErrorOptions): GraphQLError {
  const error = new GraphQLError(message, options);
  denials.set(error, true);
  return error;
}

/**
 * Converts an error for the executor. A ClaimgateError becomes a GraphQLError with the same code and evidence. Any
 * other value is returned unchanged.
 */
export function toExecutionError(error: unknown): unknown {
  if (!(error instanceof ClaimgateError)) return error;
  const { message, code, evidence } = error;
  return denialError(message, { originalError: error, extensions: { ...evidence, code } });
}

/**
 * Makes the function that finds repeated denials in one response. One denial can cause errors at several positions.
 * These errors are one object, or they have one `originalError`.
 *
 * @returns a function to call with each error of the response, in order. It returns `true` if the error repeats an
 * earlier denial
 */
export function repeatsDenial(): (error: Error) => boolean {
  const seen = new Set<Error>();
  return (error) => {
    const source = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (!denials.get(source)) return false;
    if (seen.has(source)) return true;
    seen.add(source);
    return false;
  };
}

/** Returns the evidence of a refused operation: the first denial, and the list of all denials if there are several. */
export function refusalEvidence(refusal: { readonly denials: readonly [Denial, ...Denial[]] }): Denial & {
  readonly denials?: readonly Denial[];
} {
  const { denials } = refusal;
  return denials.length > 1 ? { ...denials[0], denials } : denials[0];
}

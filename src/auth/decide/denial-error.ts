import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import type { Denial } from './denial.ts';

const denials = new WeakSet<Error>();

/** The error of a denial. */
export function denialError(message: string, options: GraphQLErrorOptions): GraphQLError {
  const error = new GraphQLError(message, options);
  denials.add(error);
  return error;
}

/**
 * What the executor is given of something that was thrown while inputs were judged: a limit or a fault of the input with its
 * code and evidence, anything else as it is.
 */
export function toldError(error: unknown): unknown {
  if (!(error instanceof ClaimgateError)) return error;
  const { message, code, evidence } = error;
  return denialError(message, { originalError: error, extensions: { ...evidence, code } });
}

/**
 * Makes a function that knows the errors of one answer again: a denial that reaches several positions is one object, or has one
 * below it, and one error of a selection is enough.
 *
 * @returns a function to ask about each error in turn: `true` where it repeats an earlier denial
 */
export function repeatsDenial(): (error: Error) => boolean {
  const seen = new Set<Error>();
  return (error) => {
    const source = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (!denials.has(source)) return false;
    if (seen.has(source)) return true;
    seen.add(source);
    return false;
  };
}

/** What a refused operation is told besides its code: the first denial, and all of them where there are more. */
export function refusalEvidence(refusal: { readonly denials: readonly [Denial, ...Denial[]] }): Denial & {
  readonly denials?: readonly Denial[];
} {
  const { denials } = refusal;
  return denials.length > 1 ? { ...denials[0], denials } : denials[0];
}

import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import type { ErrorCode } from '../errors.ts';
import type { Principal } from '../principal.ts';

export type DenialCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN'>;

/** What was denied. */
export interface Denial {
  /** `Type.field` as the document names it. */
  readonly coordinate: string;
  /** What it takes, in the grammar of `@auth(scope:)`; empty: any valid token. Absent where a value decided: it would tell its type. */
  readonly requiredScopes?: readonly string[];
}

/** Nobody is asked to come back with a token; somebody, with a better one. */
export function denialCode(principal: Principal): DenialCode {
  return principal.kind === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
}

/** What is missing, and what to do. */
export function describeDenials(code: DenialCode, [first, ...others]: readonly [Denial, ...Denial[]]): string {
  const more =
    others.length > 0
      ? ` So ${others.length === 1 ? 'does one other field' : `do ${others.length} other fields`} of this operation.`
      : '';
  const needed = describeScopes(first.requiredScopes ?? []);
  if (code === 'UNAUTHENTICATED') {
    return `${first.coordinate} needs an access token${needed && ` with the scope ${needed}`}.${more} Send one in the Authorization header.`;
  }
  if (!needed) return `The access token does not allow what ${first.coordinate} holds here.`;
  return `${first.coordinate} needs the scope ${needed}, which the access token lacks.${more} Get a token with it.`;
}

function describeScopes(alternatives: readonly string[]): string {
  return alternatives.map((scopes) => `"${scopes}"`).join(' or ');
}

/** What a refused operation is told besides its code: the first denial, and all of them where there are more. */
export function refusalEvidence(refusal: { readonly denials: readonly [Denial, ...Denial[]] }): Denial & {
  readonly denials?: readonly Denial[];
} {
  const { denials } = refusal;
  return denials.length > 1 ? { ...denials[0], denials } : denials[0];
}

const denials = new WeakSet<Error>();

/** The error of a denial. */
export function denialError(message: string, options: GraphQLErrorOptions): GraphQLError {
  const error = new GraphQLError(message, options);
  denials.add(error);
  return error;
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

import { GraphQLError, type GraphQLErrorOptions } from 'graphql';
import { ClaimgateError, type ErrorCode } from '../../errors.ts';
import type { Principal } from '../../principal.ts';

export type DenialCode = Extract<ErrorCode, 'UNAUTHENTICATED' | 'FORBIDDEN' | 'STEP_UP_REQUIRED'>;

/** What denied a caller who lacks no scope: another account owns it, a policy does not allow it, a claim of the token is not as required. */
export type DenialReason = 'owner' | 'policy' | 'claims';

/** A rule that denied, by its number. */
export interface DeniedRule {
  readonly id: number;
  /** `null`: for want of a scope or of a fresh authentication, or unknown. */
  readonly reason: DenialReason | null;
}

/** What was denied. */
export interface Denial {
  /** `Type.field` as the document names it. Absent for a caller who may not read the schema. */
  readonly coordinate?: string;
  /** In its place: response keys from the root, without the indices of lists. */
  readonly selection?: readonly string[];
  /** What denied, where it was not for want of a scope. Absent where a value decided: it would tell its type. */
  readonly reason?: DenialReason;
  /**
   * What it takes, in the grammar of `@auth(scope:)`; empty: any valid token. Absent where the token has a scope of each rule that denied,
   * and where a value decided: it would tell its type.
   */
  readonly requiredScopes?: readonly string[];
  /** How long ago the person may have authenticated, in seconds, where that is what is missing (RFC 9470 §3). */
  readonly maxAge?: number;
  /** The authentication contexts accepted, where that is what is missing (RFC 9470 §3). */
  readonly acrValues?: readonly string[];
}

/** A rule that denied, or would have. */
export interface DenialEvent {
  /** `shadow`: it would have denied, and the field was given all the same. */
  readonly mode: 'enforce' | 'shadow';
  /** `Type.field` as denied. */
  readonly coordinate: string;
  /** Coordinate of the element whose rule it was. */
  readonly rule: string;
  /** The directive as written. */
  readonly source: string;
  readonly code: DenialCode;
  /** What denied, where it was not for want of a scope. */
  readonly reason?: DenialReason;
  readonly principal: Principal;
}

/** What is missing, and what to do. */
export function describeDenials(
  code: DenialCode,
  [first, ...others]: readonly [Denial, ...Denial[]],
  principal: Principal,
): string {
  const more =
    others.length > 0
      ? ` So ${others.length === 1 ? 'does one other field' : `do ${others.length} other fields`} of this operation.`
      : '';
  const { selection, reason, requiredScopes = [] } = first;
  const coordinate = first.coordinate ?? (selection?.join('.') || 'This');
  const needed = requiredScopes.map((scopes) => `"${scopes}"`).join(' or ');
  if (code === 'UNAUTHENTICATED') {
    return `${coordinate} needs an access token${needed && ` with the scope ${needed}`}.${more} Send one in the Authorization header.`;
  }
  if (code === 'STEP_UP_REQUIRED') {
    return `${coordinate} needs the person to authenticate again${stepUp(first)}.${more} Get a token that says so.`;
  }
  if (reason !== undefined) {
    const otherwise = needed ? ` The scope ${needed} would allow it too.` : '';
    return `${reasonTexts[reason](coordinate)}${otherwise}${more}`;
  }
  if (!needed || lacksNothing(requiredScopes, principal)) {
    return `The access token does not allow what ${coordinate} holds here.`;
  }
  return `${coordinate} needs the scope ${needed}, which the access token lacks.${more} Get a token with it.`;
}

const reasonTexts: Readonly<Record<DenialReason, (coordinate: string) => string>> = {
  owner: (coordinate) => `${coordinate} is for its owner, and the access token stands for another account or for none.`,
  policy: (coordinate) => `A policy of the server does not allow ${coordinate} here.`,
  claims: (coordinate) => `${coordinate} needs other claims than the access token has.`,
};

function stepUp({ maxAge, acrValues }: Denial): string {
  const age = maxAge === undefined ? '' : `, at most ${maxAge} seconds ago`;
  return acrValues === undefined ? age : `${age}, in the context ${acrValues.map((acr) => `"${acr}"`).join(' or ')}`;
}

/** Whether it was not for want of a scope. */
function lacksNothing(requiredScopes: readonly string[], principal: Principal): boolean {
  if (principal.kind === 'anonymous') return false;
  return requiredScopes.some((scopes) => scopes.split(' ').every((scope) => principal.scopes.has(scope)));
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

import type { Principal } from '../../principal.ts';

/** One question to a policy. */
export interface PolicyRequest {
  readonly principal: Principal;
  /** The object whose field is read. For a rule on a type, the object itself. For a root field, the root value. */
  readonly parent: unknown;
  /** The coerced arguments of the field. Empty for a rule on a type. */
  readonly args: Readonly<Record<string, unknown>>;
  /** `Type.field`, or `Type` for a rule on a type. */
  readonly coordinate: string;
}

/**
 * A function of the server that allows or denies access. It receives a list of requests and returns a list of verdicts
 * in the same order. `true` allows, and any other value denies. All requests are denied if the function throws or
 * rejects, exceeds the time limit or returns a list of another length, and if it is not called because too many calls
 * are in progress.
 *
 * @typeParam Context - the context value of the operation. Default: nothing is known of it
 */
export type Policy<Context = unknown> = (
  requests: readonly PolicyRequest[],
  context: Context,
) => readonly boolean[] | Promise<readonly boolean[]>;

/** Why a policy returned no verdicts. `busy`: the policy was not called, because too many calls were in progress. */
export type PolicyFault =
  | { readonly is: 'late' | 'busy' | 'misshapen' }
  | { readonly is: 'thrown'; readonly error: unknown };

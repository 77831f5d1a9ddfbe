import type { Principal } from '../../principal.ts';

/** One question to a policy. */
export interface PolicyRequest {
  readonly principal: Principal;
  /** The object whose field is read, or the object itself for a rule on a type. The root value for a root field. */
  readonly parent: unknown;
  /** The coerced arguments of the field. Empty for a rule on a type. */
  readonly args: Readonly<Record<string, unknown>>;
  /** `Type.field`, or `Type` for a rule on a type. */
  readonly coordinate: string;
}

/**
 * A function of the server that allows or denies access. It receives many requests at once and returns the verdicts in
 * the same order: `true` allows, any other value denies. If the function throws, is late or returns a list of another
 * length, all requests are denied.
 */
export type Policy = (
  requests: readonly PolicyRequest[],
  context: unknown,
) => readonly boolean[] | Promise<readonly boolean[]>;

/**
 * The reason why a call of a policy returned no verdicts. `busy`: the policy was not called, because too many calls
 * were in progress.
 */
export type PolicyFault =
  | { readonly is: 'late' | 'busy' | 'misshapen' }
  | { readonly is: 'thrown'; readonly error: unknown };

import type { Principal } from '../../principal.ts';

/** One question to a policy. */
export interface PolicyRequest {
  readonly principal: Principal;
  /** The object whose field, or which itself, is asked for; the root value for a root field. */
  readonly parent: unknown;
  /** The coerced arguments of the field; empty where an object itself is asked for. */
  readonly args: Readonly<Record<string, unknown>>;
  /** `Type.field` or `Type`, as the schema names it. */
  readonly coordinate: string;
}

/**
 * A function of the server that says who may have what. It is asked for many at once, and answers in the same order: `true`
 * allows, anything else denies. Whatever it throws, an answer of another length, and one that is late, deny all of them.
 */
export type Policy = (
  requests: readonly PolicyRequest[],
  context: unknown,
) => readonly boolean[] | Promise<readonly boolean[]>;

/** What was wrong with a policy's answer; `busy`: it was not called, as too many calls of it were in progress. */
export type PolicyFault =
  | { readonly is: 'late' | 'busy' | 'misshapen' }
  | { readonly is: 'thrown'; readonly error: unknown };

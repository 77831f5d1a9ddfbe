import type { ClaimRule } from '../rules/claim.ts';
import type { OwnerElement, Requirement } from '../rules/rule.ts';

/**
 * The question whether the caller is the owner. Two questions are equal only if their elements and their places are
 * equal. The same field of another object can name another owner.
 */
export interface OwnerQuestion extends OwnerElement {
  /** The coordinate of the element that the question is about. */
  readonly about: string;
}

/**
 * A question to a policy. Nothing is known of a policy. It receives the coordinate, so its answers may differ between
 * coordinates. Therefore two questions are equal only if their names and their places are equal.
 */
export interface PolicyQuestion {
  readonly name: string;
  /** The coordinate of the element that the question is about. */
  readonly about: string;
}

/** Conditions that must all hold. This is one alternative of a normal form. */
export interface Condition {
  /** `false`: every caller is let in, without a token too. Then no other condition is set. */
  readonly token: boolean;
  readonly scopes: readonly string[];
  /** There is at most one `oneOf` for each path, and no condition that another one implies. */
  readonly claims: readonly ClaimRule[];
  readonly owners: readonly OwnerQuestion[];
  readonly policies: readonly PolicyQuestion[];
  /** The maximum age of the authentication, in seconds. `null`: any age. */
  readonly maxAge: number | null;
  /** The accepted authentication contexts, at least one. `null`: any context. */
  readonly acr: readonly string[] | null;
}

/** The condition that holds for every caller, without a token too. */
export const nothingNeeded: Condition = Object.freeze({
  token: false,
  scopes: [],
  claims: [],
  owners: [],
  policies: [],
  maxAge: null,
  acr: null,
});

/**
 * Returns the requirement of a condition, for `decideRequirement`. It has only the first owner, which is enough for a
 * decision before any owner is known: the caller must have an account.
 */
export function requirementOf({ scopes, claims, owners, policies, maxAge, acr }: Condition): Requirement {
  const [owner = null] = owners;
  return { scope: [scopes], claims, owner, policies: policies.map(({ name }) => name), maxAge, acr };
}

/** Whether two questions to owners are equal. */
export function isSameOwner(one: OwnerQuestion, other: OwnerQuestion): boolean {
  return one.name === other.name && one.kind === other.kind && one.about === other.about;
}

/** Whether two questions to policies are equal. */
export function isSamePolicy(one: PolicyQuestion, other: PolicyQuestion): boolean {
  return one.name === other.name && one.about === other.about;
}

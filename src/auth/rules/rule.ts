import type { ClaimRule } from './claim.ts';
import type { ScopeAlternatives } from './scope.ts';

/** The element that names the owner: a field of the object, or an argument of the field. */
export interface OwnerElement {
  readonly kind: 'field' | 'argument';
  readonly name: string;
}

/** The arguments of one `@auth`, or of one alternative of its `anyOf`. All parts must hold. */
export interface Requirement {
  /** `[[]]`: no scope is needed. `[]`: the rule denies every caller. */
  readonly scope: ScopeAlternatives;
  readonly claims: readonly ClaimRule[];
  readonly owner: OwnerElement | null;
  /** Names of policies. */
  readonly policies: readonly string[];
  /** The maximum age of the authentication, in seconds (RFC 9470). `null`: any age. */
  readonly maxAge: number | null;
  /** The accepted authentication contexts (RFC 9470). `null`: any context. */
  readonly acr: readonly string[] | null;
}

/** The kinds of elements that can carry a rule. */
export type ElementKind =
  | 'object'
  | 'interface'
  | 'union'
  | 'field'
  | 'argument'
  | 'inputObject'
  | 'inputField'
  | 'enum'
  | 'enumValue'
  | 'scalar';

/** One `@auth` of the schema. */
export interface Rule {
  /** The index of the rule in the table of rules. */
  readonly id: number;
  /** The element that carries the rule: `Type`, `Type.member` or `Type.field(argument:)`. */
  readonly coordinate: string;
  readonly kind: ElementKind;
  /** The name of the module that contains the rule. Empty if the option `schema` was given instead of modules. */
  readonly module: string;
  /**
   * SHADOW: the rule only reports what it would have denied. A root field with this rule still needs another rule.
   */
  readonly mode: 'ENFORCE' | 'SHADOW';
  readonly requirement: Requirement;
  /** At least one of these alternatives must hold in addition to `requirement`. Empty: only `requirement` must hold. */
  readonly anyOf: readonly Requirement[];
  /** The directive as GraphQL's printer writes it. */
  readonly source: string;
}

/** Returns the requirement of a rule, and the requirements of its alternatives. */
export function requirementsOf({ requirement, anyOf }: Rule): readonly Requirement[] {
  return [requirement, ...anyOf];
}

/**
 * Whether a rule is dynamic: its decision needs a value, an argument or a policy. The decision of any other rule
 * depends only on the principal and the time.
 */
export function isDynamic(rule: Rule): boolean {
  return requirementsOf(rule).some(({ owner, policies }) => owner !== null || policies.length > 0);
}

/** Whether the decision of a rule depends on the time. */
export function isTimed(rule: Rule): boolean {
  return requirementsOf(rule).some(({ maxAge }) => maxAge !== null);
}

/** The numbers of the rules that hold for an element. A number is the index of its rule in the table of rules. */
export type RuleIds = readonly number[];

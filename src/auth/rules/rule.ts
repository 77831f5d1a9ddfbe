import type { ClaimRule } from './claim.ts';
import type { ScopeAlternatives } from './scope.ts';

/** The element that names the owner: a field of the object, or an argument of the field that is read. */
export interface Owner {
  readonly kind: 'field' | 'argument';
  readonly name: string;
}

/** The arguments of one `@auth`, or of one alternative of its `anyOf`. All parts must hold. */
export interface Requirement {
  /** `[[]]`: no scope is needed. `[]`: no scope is enough, so the rule denies every caller. */
  readonly scope: ScopeAlternatives;
  readonly claims: readonly ClaimRule[];
  readonly owner: Owner | null;
  /** Names of policies. */
  readonly policies: readonly string[];
  /** How long ago the person may have authenticated, in seconds (RFC 9470). `null`: any time. */
  readonly maxAge: number | null;
  /** The authentication contexts that are accepted (RFC 9470). `null`: any. */
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
  /** Its index in the table of rules. */
  readonly id: number;
  /** The element that carries it: `Type`, `Type.member` or `Type.field(argument:)`. */
  readonly coordinate: string;
  readonly kind: ElementKind;
  /** Name of the module that wrote it. */
  readonly module: string;
  /** SHADOW: the rule denies nothing. It only reports what it would have denied. It does not close a root field. */
  readonly mode: 'ENFORCE' | 'SHADOW';
  readonly requirement: Requirement;
  /**
   * Alternatives. One of them must hold in addition to `requirement`. Empty: there are no alternatives, and none is
   * needed.
   */
  readonly anyOf: readonly Requirement[];
  /** The directive as GraphQL's printer writes it. */
  readonly source: string;
}

/** Returns every requirement of a rule: its own and its alternatives. */
export function requirementsOf({ requirement, anyOf }: Rule): readonly Requirement[] {
  return [requirement, ...anyOf];
}

/**
 * Whether a rule needs a value, an argument or a policy to be decided. All other rules depend only on the principal and
 * the time.
 */
export function isDynamic(rule: Rule): boolean {
  return requirementsOf(rule).some(({ owner, policies }) => owner !== null || policies.length > 0);
}

/** Whether a rule can deny a principal later that it allows now. */
export function isTimed(rule: Rule): boolean {
  return requirementsOf(rule).some(({ maxAge }) => maxAge !== null);
}

/** The numbers of the rules that meet at an element, ascending. */
export type RuleIds = readonly number[];

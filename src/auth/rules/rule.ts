import type { ClaimRule } from './claim.ts';
import type { ScopeAlternatives } from './scope.ts';

/** Whose a thing is: what an object's field says, or an argument of the field that is asked for. */
export interface Owner {
  readonly kind: 'field' | 'argument';
  readonly name: string;
}

/** What must all hold: the arguments of one `@auth`, or one alternative of its `anyOf`. */
export interface Requirement {
  /** `[[]]`: no scope. `[]`: nothing is enough. */
  readonly scope: ScopeAlternatives;
  readonly claims: readonly ClaimRule[];
  readonly owner: Owner | null;
  /** Names of policies. */
  readonly policies: readonly string[];
  /** In seconds. */
  readonly maxAge: number | null;
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
  /** Its number in the table of rules, which begins at 0 and has no gaps. */
  readonly id: number;
  /** The element that carries it: `Type`, `Type.member` or `Type.field(argument:)`. */
  readonly coordinate: string;
  readonly kind: ElementKind;
  /** Name of the module that wrote it. */
  readonly module: string;
  /** SHADOW: it denies nothing, and counts as no rule. */
  readonly mode: 'ENFORCE' | 'SHADOW';
  readonly requirement: Requirement;
  /** Alternatives, one of which must hold too; empty: there are none to choose from, and none is needed. */
  readonly anyOf: readonly Requirement[];
  /** The directive as written, normalised by GraphQL's printer. */
  readonly source: string;
}

/** The requirements of a rule, whichever way they are joined. */
export function requirementsOf({ requirement, anyOf }: Rule): readonly Requirement[] {
  return [requirement, ...anyOf];
}

/** Whether it takes a value, an argument or a function of the server to decide a rule. */
export function isDynamic(rule: Rule): boolean {
  return requirementsOf(rule).some(({ owner, policies }) => owner !== null || policies.length > 0);
}

/** Whether time passing can make a rule deny whom it allowed. */
export function isTimed(rule: Rule): boolean {
  return requirementsOf(rule).some(({ maxAge }) => maxAge !== null);
}

/** Numbers of the rules that meet at an element, ascending. */
export type RuleIds = readonly number[];

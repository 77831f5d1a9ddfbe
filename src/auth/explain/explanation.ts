/**
 * What happens if an operation is sent. `RUNS`: every rule allows. `RUNS_IN_PART`: the operation runs, the elements with
 * the decision `DENY` are denied, and a field whose argument is not of its type has an error. `DEPENDS`: a value, an
 * owner, a policy or the type of a value decides some elements. `REFUSED`: nothing of the operation runs.
 */
export type OperationOutcome = 'RUNS' | 'RUNS_IN_PART' | 'DEPENDS' | 'REFUSED';

/**
 * The decision of rules before an operation runs. `DEPENDS`: the decision also needs a value, an owner or a policy.
 */
export type RuleDecision = 'ALLOW' | 'DENY' | 'DEPENDS';

/** The rules of an operation, and their decisions for one caller. */
export interface OperationExplanation {
  /** The name of the operation. `null`: it has no name, or the document does not have the operation. */
  readonly operationName: string | null;
  readonly outcome: OperationOutcome;
  /** The error code of the refusal. `null` if the outcome is not `REFUSED`. */
  readonly code: string | null;
  /** The faults of the document and of the variables. They are not denials. */
  readonly faults: readonly OperationFault[];
  /** The elements with a rule, in the order of the document: at most 1,000, with at most 500,000 characters as JSON. */
  readonly elements: readonly ExplainedElement[];
  /**
   * Whether there are more elements than `elements` holds. The other members take them into account. They do not if the
   * operation exceeds a limit: then `leastScopesCapped` is true, and `missing` can be incomplete.
   */
  readonly elementsCapped: boolean;
  /**
   * The smallest sets of scopes that let every field through, as alternatives. There are at most 32. `[[]]`: no scope is
   * needed, but a token may be needed. `[]`: no scopes are enough. Other parts of the rules can still deny.
   */
  readonly leastScopes: readonly (readonly string[])[];
  /** Whether alternatives were left out. The others are then enough, but smaller alternatives can exist. */
  readonly leastScopesCapped: boolean;
  /** What the caller lacks for the rules that deny. `null`: no rule denies. */
  readonly missing: MissingEvidence | null;
}

/** A fault of a document or of its variables. The message has no value of the variables. */
export interface OperationFault {
  readonly message: string;
  /** The error code with which the operation would be answered. */
  readonly code: string;
  /** The line in the document, from 1. `null`: the fault has no place. */
  readonly line: number | null;
  /** The column in the line, from 1. `null`: the fault has no place. */
  readonly column: number | null;
}

/** An element of the schema with a rule, at the place where an operation uses it. */
export interface ExplainedElement {
  /**
   * `Type.field`, `Type.field(argument:)`, `Input.field`, `Enum.VALUE` or `Type`. A type is the type of the field's value.
   */
  readonly coordinate: string;
  /**
   * The response keys from the root to the field, without list indices. If a fragment is spread several times on one
   * type, this is the first path.
   */
  readonly path: readonly string[];
  /** The line of the field, from 1. 0 if the document was parsed with `noLocation`. */
  readonly line: number;
  /** The column of the field, from 1. 0 if the document was parsed with `noLocation`. */
  readonly column: number;
  /**
   * The decision of all rules together. It is also `DEPENDS` if the rules deny, and the element belongs to only some of
   * the possible types.
   */
  readonly decision: RuleDecision;
  readonly rules: readonly ExplainedRule[];
}

/** A rule, and its decision for the caller. */
export interface ExplainedRule {
  /** The coordinate of the element that carries the rule. It differs from the element if the rule is inherited. */
  readonly coordinate: string;
  /** The directive as GraphQL's printer writes it. */
  readonly source: string;
  /** The requirements of the rule in words. */
  readonly words: string;
  readonly decision: RuleDecision;
  /** Whether the rule only reports what it would deny. It is not part of any other decision. */
  readonly shadow: boolean;
  /** What the caller lacks for this rule. `null`: the rule does not deny. */
  readonly missing: MissingEvidence | null;
}

/** What a caller lacks. A member that is false, null or empty names nothing that is missing. */
export interface MissingEvidence {
  /** Whether an access token is missing. */
  readonly token: boolean;
  /** The missing scopes, as alternatives. Empty: no scope is missing. */
  readonly scopes: readonly (readonly string[])[];
  /** The claims that are missing or have another value, as paths with dots. */
  readonly claims: readonly string[];
  /** Whether a rule requires an account of this system, and the caller has none. */
  readonly account: boolean;
  /** The maximum age of the authentication, in seconds. `null`: the authentication is recent enough. */
  readonly maxAge: number | null;
  /** The accepted authentication contexts. `null`: the context is accepted. */
  readonly acr: readonly string[] | null;
}

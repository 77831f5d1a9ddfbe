/** What a rule decides for a caller. `DEPENDS`: the decision also needs a value, an argument or a policy. */
export type RuleDecision = 'ALLOW' | 'DENY' | 'DEPENDS';

/** Whether an operation runs for a caller. */
export type OperationOutcome = 'RUNS' | 'RUNS_IN_PART' | 'DEPENDS' | 'REFUSED';

/** What a caller lacks: all of it together, and one of the alternatives in `scopes`. */
export interface MissingEvidence {
  /** Whether an access token is needed at all. */
  readonly token: boolean;
  readonly scopes: readonly (readonly string[])[];
  /** The paths of the claims. */
  readonly claims: readonly string[];
  /** Whether a rule requires an account, and the caller has none. */
  readonly account: boolean;
  /** The maximum age of the authentication, in seconds. `null`: the authentication is recent enough. */
  readonly maxAge: number | null;
  /** The accepted authentication contexts. `null`: the context is accepted. */
  readonly acr: readonly string[] | null;
}

/** One rule that guards a selected element. */
export interface ExplainedRule {
  readonly coordinate: string;
  readonly source: string;
  readonly words: string;
  readonly decision: RuleDecision;
  readonly shadow: boolean;
  readonly missing: MissingEvidence | null;
}

/** A selected element that has at least one rule. */
export interface ExplainedElement {
  readonly coordinate: string;
  readonly path: readonly string[];
  /** The position of the field in the document, also for an input of the field. Both numbers start at 1. */
  readonly line: number;
  readonly column: number;
  readonly decision: RuleDecision;
  readonly rules: readonly ExplainedRule[];
}

/** A fault of a document or of its variables. */
export interface OperationFault {
  readonly message: string;
  readonly code: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** What `explainOperation` answers. */
export interface Explanation {
  readonly operationName: string | null;
  readonly outcome: OperationOutcome;
  readonly code: string | null;
  readonly faults: readonly OperationFault[];
  readonly elements: readonly ExplainedElement[];
  /** Whether there are more elements than `elements` holds. */
  readonly elementsCapped: boolean;
  readonly leastScopes: readonly (readonly string[])[];
  readonly leastScopesCapped: boolean;
  readonly missing: MissingEvidence | null;
}

/** Returns the explanation in the `data` of an answer. `null`: the data has none, or it has another form. */
export function explanationIn(data: unknown): Explanation | null {
  if (typeof data !== 'object' || data === null || !('explainOperation' in data)) return null;
  const found = data.explainOperation;
  if (typeof found !== 'object' || found === null) return null;
  return 'outcome' in found && 'elements' in found && Array.isArray(found.elements) ? (found as Explanation) : null;
}

import type {
  ExplainedElement,
  ExplainedRule,
  Explanation,
  MissingEvidence,
} from '../../src/explorer/client/needs/explanation.ts';

/** What is missing: nothing, except what a test sets. */
export function missing(parts: Partial<MissingEvidence> = {}): MissingEvidence {
  return { token: false, scopes: [], claims: [], account: false, maxAge: null, acr: null, ...parts };
}

/** A rule that allows, except for what a test sets. */
export function rule(parts: Partial<ExplainedRule> = {}): ExplainedRule {
  return {
    coordinate: 'Query.me',
    source: '@auth(scope: "profile")',
    words: 'the scope `profile`',
    decision: 'ALLOW',
    shadow: false,
    missing: null,
    ...parts,
  };
}

/** An element that is allowed, except for what a test sets. */
export function element(parts: Partial<ExplainedElement> = {}): ExplainedElement {
  return { coordinate: 'Query.me', path: ['me'], line: 1, column: 3, decision: 'ALLOW', rules: [rule()], ...parts };
}

/** An explanation of an operation that runs, except for what a test sets. */
export function explanation(parts: Partial<Explanation> = {}): Explanation {
  return {
    operationName: null,
    outcome: 'RUNS',
    code: null,
    faults: [],
    elements: [],
    elementsCapped: false,
    leastScopes: [],
    leastScopesCapped: false,
    missing: null,
    ...parts,
  };
}

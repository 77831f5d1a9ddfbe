import { OperationTypeNode } from 'graphql';
import type { Principal } from '../principal.ts';
import { isIncluded, type Variables } from './condition.ts';
import type { Decider } from './decide.ts';
import { type Denial, type DenialCode, denialCode } from './denial.ts';
import { isTypename, type Plan, type PlannedField, type Selections } from './plan.ts';
import type { Rule } from './rule.ts';
import { nearest, printAlternatives, together } from './scope.ts';

/** What becomes of an operation: it runs, perhaps with fields denied on its way, or nothing of it does. */
export type Verdict = { readonly kind: 'run' } | Refusal;

export interface Refusal {
  readonly kind: 'refuse';
  readonly code: DenialCode;
  /** What was denied, each element once; never empty. */
  readonly denials: readonly [Denial, ...Denial[]];
  /** For each denied rule the alternative that lacks fewest, together: the `scope` of the challenge (RFC 6750 §3). */
  readonly challengeScope: string;
}

const run: Verdict = Object.freeze({ kind: 'run' });

/** Judges the plan of an operation for the values of its variables and its caller. */
export type Judge = (plan: Plan, variables: Variables, principal: Principal) => Verdict;

/**
 * A query is refused when each of its root fields is denied, `__typename` aside; a mutation or subscription when anything in
 * it is. It looks at denials alone: whatever a value has yet to show is left to the guard.
 */
export function createJudge(rules: readonly Rule[], decide: Decider): Judge {
  return ({ operation, root }, variables, principal) => {
    const deep = operation !== OperationTypeNode.QUERY;
    const denied = new Map<string, PlannedField>();
    const pending = new Set<Selections>([root]);
    for (const { fields, fragments } of pending) {
      for (const field of fields) {
        if (!isIncluded(field.conditions, variables)) continue;
        if (decide(field.rules, principal) === 'deny') {
          if (!denied.has(field.coordinate)) denied.set(field.coordinate, field);
        } else if (!deep) {
          if (!isTypename(field)) return run;
        } else if (field.selections) {
          pending.add(field.selections);
        }
      }
      for (const { conditions, selections } of fragments) {
        if (isIncluded(conditions, variables)) pending.add(selections); // A set: visited once, also while it grows.
      }
    }
    const [first, ...others] = denied.values();
    if (!first) return run;
    return {
      kind: 'refuse',
      code: denialCode(principal),
      denials: [denialOf(first, rules), ...others.map((field) => denialOf(field, rules))],
      challengeScope: challengeScope([first, ...others], rules, decide, principal),
    };
  };
}

/** A denied field, with what it takes. */
export function denialOf(field: PlannedField, rules: readonly Rule[]): Denial {
  const scopes = field.rules.map((id) => rules[id]?.scope ?? []);
  return { coordinate: field.coordinate, requiredScopes: printAlternatives(together(scopes)) };
}

function challengeScope(
  fields: readonly PlannedField[],
  rules: readonly Rule[],
  decide: Decider,
  principal: Principal,
): string {
  const granted = principal.kind === 'anonymous' ? new Set<string>() : principal.scopes;
  const ids = new Set(fields.flatMap((field) => field.rules).filter((id) => decide([id], principal) === 'deny'));
  const scopes = [...ids].sort((a, b) => a - b).flatMap((id) => nearest(rules[id]?.scope ?? [[]], granted));
  return [...new Set(scopes)].join(' ');
}

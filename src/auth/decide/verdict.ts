import { OperationTypeNode } from 'graphql';
import type { Principal } from '../../principal.ts';
import { isIncluded } from '../plan/conditions.ts';
import type { Decider } from './decide.ts';
import type { Denial, DenialCode, DeniedRule } from './denial.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Evidence } from './evidence.ts';
import { isTypename, type Plan, type PlannedField, type Selections } from '../plan/plan.ts';
import { createTypesJudge } from './possible-types.ts';
import { type OperationVariables, suppliedRules } from '../plan/operation-variables.ts';

/** What becomes of an operation: it runs, perhaps with fields denied on its way, or nothing of it does. */
export type Verdict = { readonly kind: 'run' } | Refusal;

export interface Refusal extends Pick<Denial, 'maxAge' | 'acrValues'> {
  readonly kind: 'refuse';
  readonly code: DenialCode;
  /** What was denied, each element once; never empty. */
  readonly denials: readonly [Denial, ...Denial[]];
  /** For each denied rule the alternative that lacks fewest, together: the `scope` of the challenge (RFC 6750 §3). */
  readonly challengeScope: string;
}

const run: Verdict = Object.freeze({ kind: 'run' });

/**
 * Judges the plan of an operation for the values of its variables and its caller.
 *
 * @throws {ClaimgateError} BAD_USER_INPUT where an operation that runs whole or not at all has inputs that cannot be coerced;
 * LIMIT_EXCEEDED where the inputs are too deep or too many
 */
export type Judge = (plan: Plan, variables: OperationVariables, principal: Principal) => Verdict;

/** What was denied: the rules that meet there, by coordinate. */
export type Denied = ReadonlyMap<string, RuleIds>;

/** Makes the refusal of an operation for what was denied in it, and tells whoever listens. */
export type Refuse = (
  denied: Denied,
  principal: Principal,
  /** The rules that denied at a coordinate, where more than the caller decided. Default: those that deny the caller. */
  found?: ReadonlyMap<string, readonly DeniedRule[]>,
  /** Where each possible type denies by rules of its own: the rules of each. What was denied then names those of one. */
  eachType?: ReadonlyMap<string, readonly RuleIds[]>,
) => Verdict;

/** @param tell - hears of each coordinate that is denied, and of the rules that denied there */
export function createRefuse(
  evidence: Evidence,
  tell: (coordinate: string, denied: readonly DeniedRule[], principal: Principal) => void,
): Refuse {
  return (denied, principal, found, eachType) => {
    const [first, ...others] = [...denied].map(([coordinate, ids]) => {
      const denial = evidence.denial(coordinate, ids, principal, found?.get(coordinate));
      const types = eachType?.get(coordinate);
      return types ? { ...denial, requiredScopes: evidence.anyScopes(types) } : denial;
    });
    if (!first) return run;
    for (const [coordinate, ids] of denied) {
      const all = [...new Set(eachType?.get(coordinate)?.flat() ?? ids)];
      tell(coordinate, found?.get(coordinate) ?? evidence.denying(all, principal), principal);
    }
    const ids = [...denied.values()].flat();
    return {
      kind: 'refuse',
      code: evidence.code(ids, principal),
      denials: [first, ...others],
      challengeScope: evidence.challengeScope(ids, principal),
      ...evidence.stepUp(ids, principal),
    };
  };
}

/**
 * A query is refused when each of its root fields is denied, `__typename` aside; a mutation or subscription when anything in
 * it is. There a field is denied, too, where each type that its parent can be of denies it, or each type that its value can be
 * of, whatever is selected below it. The judge looks at denials alone: what a value has yet to show is left to the guard. A
 * field whose inputs cannot be judged is not taken for allowed.
 *
 * @param strict - whether a query is refused as a mutation is
 */
export function createJudge(decide: Decider, refuse: Refuse, strict: boolean): Judge {
  return ({ operation, root }, variables, principal) => {
    const deep = strict || operation !== OperationTypeNode.QUERY;
    const denied = new Map<string, RuleIds>();
    const eachType = new Map<string, readonly RuleIds[]>();
    const types = createTypesJudge(decide, variables, principal);
    const empty = new Map<string, readonly RuleIds[]>();
    const pending = new Set<Selections>([root]);
    let unjudged: PlannedField | null = null;
    for (const { fields, fragments } of pending) {
      for (const field of fields) {
        if (!isIncluded(field.conditions, variables.given)) continue;
        const supplied = suppliedRules(field, variables);
        if (supplied === null) unjudged ??= field;
        const ids = [...field.rules, ...(supplied ?? [])];
        const byParents = deep && decide(ids, principal) !== 'deny' ? types.ofParent(field) : null;
        if (byParents === 'unjudged') unjudged ??= field;
        if (byParents && byParents !== 'unjudged') {
          // Of several selections of one coordinate the first one is told.
          if (!denied.has(field.coordinate)) {
            denied.set(field.coordinate, byParents[0] ?? []);
            eachType.set(field.coordinate, byParents);
          }
        } else if (decide(ids, principal) === 'deny') {
          denied.set(field.coordinate, [...new Set([...(denied.get(field.coordinate) ?? []), ...ids])]);
        } else if (!deep) {
          if (supplied !== null && !isTypename(field)) return run;
        } else if (field.selections) {
          pending.add(field.selections);
          const byValues = types.ofValue(field);
          if (byValues && !empty.has(field.coordinate)) empty.set(field.coordinate, byValues);
        }
      }
      for (const { conditions, selections } of fragments) {
        if (isIncluded(conditions, variables.given)) pending.add(selections); // A set: visited once, also while it grows.
      }
    }
    // What is selected below such a field is denied, and told in its place. Conditions can have left out all of it.
    for (const [coordinate, ofTypes] of denied.size > 0 ? [] : empty) {
      denied.set(coordinate, ofTypes[0] ?? []);
      eachType.set(coordinate, ofTypes);
    }
    if (denied.size > 0) return refuse(denied, principal, undefined, eachType);
    if (deep && unjudged) throw variables.fault(unjudged.name);
    return run;
  };
}

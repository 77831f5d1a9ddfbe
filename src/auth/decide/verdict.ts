import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Principal } from '../../principal.ts';
import { isIncluded } from '../plan/conditions.ts';
import type { Decider } from './decide.ts';
import type { Denial, DenialCode, DeniedRule } from './denial.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { DenialEvidence } from './evidence.ts';
import { isTypename, type Plan, type PlannedField, type Selections } from '../plan/plan.ts';
import { createTypesJudge } from './possible-types.ts';
import type { PlannedOperation } from '../plan/planned-operation.ts';
import { checkSelectionDepth } from '../plan/selection-depth.ts';
import { type OperationVariables, suppliedRules } from '../plan/operation-variables.ts';

/** The decision about an operation. `run`: the operation runs, and the guard may still deny some of its fields. */
export type Verdict = { readonly kind: 'run' } | Refusal;

/** The verdict that an operation does not run. */
export interface Refusal extends Pick<Denial, 'maxAge' | 'acrValues'> {
  readonly kind: 'refuse';
  readonly code: DenialCode;
  /** The denied elements, without duplicates. There is at least one. */
  readonly denials: readonly [Denial, ...Denial[]];
  /** The `scope` of the challenge (RFC 6750 §3). */
  readonly challengeScope: string;
}

const run: Verdict = Object.freeze({ kind: 'run' });

/**
 * Decides whether an operation runs, from its plan, its variables and its caller.
 *
 * @throws {ClaimgateError} BAD_USER_INPUT if inputs with rules cannot be coerced, but for a query only if queries are
 * judged like mutations; LIMIT_EXCEEDED if inputs with rules are too deep or hold too many values, or if the plan is
 * too large
 */
export type Judge = (plan: Plan, variables: OperationVariables, principal: Principal) => Verdict;

/** The rules of each denied element, by coordinate. */
export type DeniedElements = ReadonlyMap<string, RuleIds>;

/** Makes the refusal of an operation, and reports each denied element. If `denied` is empty, the verdict is `run`. */
export type MakeRefusal = (
  denied: DeniedElements,
  principal: Principal,
  operation: OperationDefinitionNode,
  /**
   * The rules that denied, by coordinate. It is needed if a value, an argument or a policy decided. Default: the rules
   * in `denied` that deny the principal.
   */
  found?: ReadonlyMap<string, readonly DeniedRule[]>,
  /**
   * The rules of each possible type, by coordinate. It is needed if every possible type denies by its own rules.
   * `denied` then has the rules of only one of these types.
   */
  eachType?: ReadonlyMap<string, readonly RuleIds[]>,
) => Verdict;

/**
 * Makes the function that refuses operations.
 *
 * @param report - called with each denied coordinate and the rules that denied there
 */
export function createRefuse(
  evidence: DenialEvidence,
  report: (
    coordinate: string,
    denied: readonly DeniedRule[],
    principal: Principal,
    operation: OperationDefinitionNode,
  ) => void,
): MakeRefusal {
  return (denied, principal, operation, found, eachType) => {
    const [first, ...others] = [...denied].map(([coordinate, ids]) => {
      const denial = evidence.denial(coordinate, ids, principal, found?.get(coordinate));
      const types = eachType?.get(coordinate);
      return types ? { ...denial, requiredScopes: evidence.anyScopes(types) } : denial;
    });
    if (!first) return run;
    for (const [coordinate, ids] of denied) {
      const all = [...new Set(eachType?.get(coordinate)?.flat() ?? ids)];
      report(coordinate, found?.get(coordinate) ?? evidence.denying(all, principal), principal, operation);
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
 * Makes the judge of operations.
 *
 * A query is refused if all of its root fields except `__typename` are denied. A mutation or subscription is refused if
 * at least one of its fields is denied. In a mutation or subscription, a field also counts as denied if every possible
 * type of its parent denies the field. It also counts as denied if every possible type of its value is denied.
 *
 * The judge refuses only for the decision `deny`. The guard decides the rules that depend on a value. A field never
 * counts as allowed if its inputs cannot be judged.
 *
 * @param strict - whether queries are judged like mutations
 */
export function createJudge(decide: Decider, refuse: MakeRefusal, strict: boolean): Judge {
  return ({ operation, node, root }, variables, principal) => {
    const deep = strict || operation !== OperationTypeNode.QUERY;
    if (!deep && runsAtOnce(root, decide, principal)) return run;
    const denied = new Map<string, RuleIds>();
    const eachType = new Map<string, readonly RuleIds[]>();
    const types = createTypesJudge(decide, variables, principal);
    const empty = new Map<string, readonly RuleIds[]>();
    const pending = new Set<Selections>([root]);
    let unjudged: PlannedField | null = null;
    for (const { fields, fragments } of pending) {
      for (const field of fields) {
        if (!isIncluded(field.conditions, variables.ofConditions)) continue;
        const supplied = suppliedRules(field, variables);
        if (supplied === null) unjudged ??= field;
        const ids = [...field.rules, ...(supplied ?? [])];
        const byParents = deep && decide(ids, principal) !== 'deny' ? types.ofParent(field) : null;
        if (byParents === 'unjudged') unjudged ??= field;
        if (byParents && byParents !== 'unjudged') {
          // If several selections have this coordinate, only the first is reported.
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
        // The set grows during the loop. No selection set is visited twice.
        if (isIncluded(conditions, variables.ofConditions)) pending.add(selections);
      }
    }
    // `empty` is needed if conditions leave out all fields below. Otherwise the denial of a field below is already in
    // `denied`.
    for (const [coordinate, ofTypes] of denied.size > 0 ? [] : empty) {
      denied.set(coordinate, ofTypes[0] ?? []);
      eachType.set(coordinate, ofTypes);
    }
    if (denied.size > 0) return refuse(denied, principal, node, undefined, eachType);
    if (deep && unjudged) throw variables.fault(unjudged.name);
    return run;
  };
}

/**
 * Whether one of the first root fields of a query lets the query run, without a look at the variables. Otherwise the
 * judge decides. Most queries are decided here, so that the function makes no object.
 */
function runsAtOnce({ fields }: Selections, decide: Decider, principal: Principal): boolean {
  for (const field of fields) {
    if (field.inputs !== null) return false;
    if (field.conditions.length > 0 || isTypename(field)) continue;
    if (decide(field.rules, principal) !== 'deny') return true;
  }
  return false;
}

/**
 * Decides an operation before it runs.
 *
 * @throws {ClaimgateError} the errors of the judge; LIMIT_EXCEEDED if the operation is not refused, and its fields are
 * nested too deep
 */
export function decidePlanned(
  { plan, variables, operation, fragments }: PlannedOperation,
  judge: Judge,
  principal: Principal,
): Verdict {
  const verdict = judge(plan, variables, principal);
  if (verdict.kind === 'run') checkSelectionDepth(operation, fragments);
  return verdict;
}

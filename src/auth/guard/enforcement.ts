import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { createDecider, type Decider } from '../decide/decide.ts';
import type { DenialEvent, DeniedRule } from '../decide/denial.ts';
import { compileElements, type ElementRules } from '../rules/elements.ts';
import { createEvidence, type DenialEvidence } from '../decide/evidence.ts';
import { checkVariableDepth, defaultInputDepth } from '../inputs/limits.ts';
import { type OriginalResolvers, resolversOf } from '../decide/owner.ts';
import type { Planner } from '../plan/plan.ts';
import { createPlanner } from '../plan/planner.ts';
import { cachePlans, uncounted } from '../plan/plan-cache.ts';
import { createPolicyGates, type PolicyOptions } from '../policies/policy-questions.ts';
import type { EnforcementOptions } from './options.ts';
import type { Rule } from '../rules/rule.ts';
import { createTargetDecider, type DecideTarget } from '../decide/target.ts';
import { createJudge, createRefuse, type Judge, type MakeRefusal } from '../decide/verdict.ts';
import type { Principal } from '../../principal.ts';
import { handleRejection, notify } from '../../protocol/notify.ts';
import { createStamps } from '../../protocol/stamps.ts';

/** The compiled rules of one schema, and the functions that decide these rules. */
export interface Enforcement {
  readonly rules: readonly Rule[];
  /** The ENFORCE rules of each element. */
  readonly elements: ElementRules;
  /** The SHADOW rules of each element. */
  readonly shadows: ElementRules;
  readonly decide: Decider;
  readonly decideTarget: DecideTarget;
  readonly evidence: DenialEvidence;
  readonly judge: Judge;
  readonly refuse: MakeRefusal;
  /** Whether queries are judged like mutations (option `denial: 'reject'`). */
  readonly strict: boolean;
  /** How deep the objects of an input may be nested. */
  readonly inputDepth: number;
  /**
   * Checks the coerced variables of an execution. After a check without an error, a further call with the same object
   * does nothing.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED if the variables are too deep or hold too many values
   */
  readonly checkVariables: (variables: Readonly<Record<string, unknown>>) => void;
  /** Reports rules that denied, or SHADOW rules that would have denied, to `onDenial`. */
  readonly reportDenial: (
    mode: DenialEvent['mode'],
    coordinate: string,
    denied: readonly DeniedRule[],
    principal: Principal,
    operation: OperationDefinitionNode,
  ) => void;
  readonly hidesSchema: (principal: Principal) => boolean;
  readonly typeOf: EnforcementOptions['typeOf'];
  /** Plans an operation, or returns its stored plan. */
  readonly plan: Planner;
  /**
   * The planner and the judge for operations that are only explained. They store nothing that would displace what real
   * operations need, and report no denial.
   */
  readonly explaining: { readonly plan: Planner; readonly judge: Judge };
  /** Returns milliseconds since the epoch. */
  readonly clock: () => number;
  readonly resolvers: OriginalResolvers;
  readonly policies: PolicyOptions;
  /** The policies for SHADOW rules. Their calls have separate bounds. */
  readonly shadowPolicies: PolicyOptions;
}

/** Compiles the rules of a schema, and reads its resolvers. Call it before the schema is guarded. */
export function createEnforcement(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  options: EnforcementOptions,
): Enforcement {
  const { policies = {}, policyTimeoutSeconds = 5, accountIdOf = (argument) => argument, clock = Date.now } = options;
  const { onDenial, denial = 'partial', inputDepth = defaultInputDepth, policyCalls = 100 } = options;
  const elements = compileElements(
    schema,
    rules.filter((rule) => rule.mode === 'ENFORCE'),
    inputDepth,
  );
  const shadows = compileElements(
    schema,
    rules.filter((rule) => rule.mode === 'SHADOW'),
    inputDepth,
  );
  const policyOptions: PolicyOptions = {
    policies,
    timeoutMs: policyTimeoutSeconds * 1_000,
    operationCalls: options.operationPolicyCalls ?? 10,
    gateOf: createPolicyGates(policyCalls),
    onFault: options.onPolicyFault,
  };
  const decide = createDecider(rules, clock);
  const evidence = createEvidence(rules, decide, clock);
  const reportDenial = createReport(rules, evidence, onDenial);
  const refuse = createRefuse(evidence, (...denied) => reportDenial('enforce', ...denied));
  const makePlan = createPlanner(schema, elements, inputDepth);
  const unreported = createRefuse(createEvidence(rules, decide, clock, { entries: 1, bytes: 0 }), () => {});
  return {
    rules,
    elements,
    shadows,
    decide,
    decideTarget: createTargetDecider({ clock, accountIdOf }),
    evidence,
    judge: createJudge(decide, refuse, denial === 'reject'),
    refuse,
    strict: denial === 'reject',
    inputDepth,
    checkVariables: createVariableCheck(inputDepth),
    reportDenial,
    hidesSchema: hidesFrom(options.hidesSchema),
    typeOf: options.typeOf,
    plan: cachePlans(makePlan).planOf,
    explaining: {
      plan: (operation, fragments) => makePlan(operation, fragments, uncounted),
      judge: createJudge(decide, unreported, denial === 'reject'),
    },
    clock,
    resolvers: resolversOf(schema),
    policies: policyOptions,
    shadowPolicies: { ...policyOptions, gateOf: createPolicyGates(policyCalls) },
  };
}

/** Makes the function that reports denials, one event for each rule. */
function createReport(
  rules: readonly Rule[],
  evidence: DenialEvidence,
  onDenial: EnforcementOptions['onDenial'],
): Enforcement['reportDenial'] {
  return (mode, coordinate, denied, principal, operation) => {
    if (!onDenial) return;
    for (const { id, reason } of denied) {
      const rule = rules[id];
      if (!rule) continue;
      const code = evidence.code([id], principal);
      const event = { mode, coordinate, rule: rule.coordinate, source: rule.source, code, ...(reason && { reason }) };
      notify(onDenial, { ...event, principal }, operation);
    }
  };
}

function createVariableCheck(inputDepth: number): Enforcement['checkVariables'] {
  const checked = createStamps<true>();
  return (variables) => {
    if (checked.get(variables)) return;
    checkVariableDepth(variables, inputDepth);
    checked.set(variables, true);
  };
}

/**
 * Makes a function that calls the option `hidesSchema` and never throws. If the option throws or returns anything
 * except `false`, the schema is hidden.
 */
function hidesFrom(hidesSchema: EnforcementOptions['hidesSchema']): Enforcement['hidesSchema'] {
  return (principal) => {
    try {
      const hides: unknown = hidesSchema ? hidesSchema(principal) : false;
      handleRejection(hides); // An async function returns a promise, which is not `false`.
      return hides !== false;
    } catch {
      return true;
    }
  };
}

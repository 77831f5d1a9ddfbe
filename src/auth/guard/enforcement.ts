import type { GraphQLSchema } from 'graphql';
import { createDecider, type Decider } from '../decide/decide.ts';
import type { DenialEvent, DeniedRule } from '../decide/denial.ts';
import { compileElements, type Elements } from '../rules/elements.ts';
import { createEvidence, type Evidence } from '../decide/evidence.ts';
import { checkVariableDepth, defaultInputDepth } from '../inputs/limits.ts';
import { type OriginalResolvers, resolversOf } from '../decide/owner.ts';
import type { Planner } from '../plan/plan.ts';
import { createPlanner } from '../plan/planner.ts';
import { rememberedPlans } from '../plan/plan-cache.ts';
import { createPolicyGates, type PolicyOptions } from '../policies/policy-questions.ts';
import type { EnforcementOptions } from './options.ts';
import type { Rule } from '../rules/rule.ts';
import { createHolds, type Holds } from '../decide/target.ts';
import { createJudge, createRefuse, type Judge, type Refuse } from '../decide/verdict.ts';
import type { Principal } from '../../principal.ts';
import { handleRejection, notify } from '../../protocol/notify.ts';

/** All that decides about a schema: its rules, compiled once, for plan and guard alike. */
export interface Enforcement {
  readonly rules: readonly Rule[];
  readonly elements: Elements;
  /** The same for the rules that deny nothing and only tell. */
  readonly shadows: Elements;
  readonly decide: Decider;
  readonly holds: Holds;
  readonly evidence: Evidence;
  readonly judge: Judge;
  readonly refuse: Refuse;
  /** Whether queries are refused as mutations are. */
  readonly strict: boolean;
  /** How deep the inputs of an operation may be. */
  readonly inputDepth: number;
  /**
   * Checks the coerced variables of an execution, once for each.
   *
   * @throws {ClaimgateError} LIMIT_EXCEEDED where they are too deep or too many
   */
  readonly checkVariables: (variables: Readonly<Record<string, unknown>>) => void;
  /** Tells that rules denied, or would have. */
  readonly tell: (
    mode: DenialEvent['mode'],
    coordinate: string,
    denied: readonly DeniedRule[],
    principal: Principal,
  ) => void;
  readonly hidesSchema: (principal: Principal) => boolean;
  readonly typeOf: EnforcementOptions['typeOf'];
  /** Plans an operation, or finds the plan it made before. */
  readonly plan: Planner;
  readonly resolvers: OriginalResolvers;
  readonly policies: PolicyOptions;
  /** The same for rules on trial, with calls of their own that may be in progress. */
  readonly trialPolicies: PolicyOptions;
}

export function createEnforcement(
  schema: GraphQLSchema,
  rules: readonly Rule[],
  options: EnforcementOptions,
): Enforcement {
  const { policies = {}, policyTimeout = 5_000, accountIdOf = (argument) => argument, clock = Date.now } = options;
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
    timeout: policyTimeout,
    operationCalls: options.operationPolicyCalls ?? 10,
    gateOf: createPolicyGates(policyCalls),
    onFault: options.onPolicyFault,
  };
  const decide = createDecider(rules, clock);
  const evidence = createEvidence(rules, decide, clock);
  const tell = createTell(rules, evidence, onDenial);
  const refuse = createRefuse(evidence, (coordinate, denied, principal) =>
    tell('enforce', coordinate, denied, principal),
  );
  return {
    rules,
    elements,
    shadows,
    decide,
    holds: createHolds({ clock, accountIdOf }),
    evidence,
    judge: createJudge(decide, refuse, denial === 'reject'),
    refuse,
    strict: denial === 'reject',
    inputDepth,
    checkVariables: createVariableCheck(inputDepth),
    tell,
    hidesSchema: hidesFrom(options.hidesSchema),
    typeOf: options.typeOf,
    plan: rememberedPlans(createPlanner(schema, elements, inputDepth)),
    resolvers: resolversOf(schema),
    policies: policyOptions,
    trialPolicies: { ...policyOptions, gateOf: createPolicyGates(policyCalls) },
  };
}

function createTell(
  rules: readonly Rule[],
  evidence: Evidence,
  onDenial: EnforcementOptions['onDenial'],
): Enforcement['tell'] {
  return (mode, coordinate, denied, principal) => {
    if (!onDenial) return;
    for (const { id, reason } of denied) {
      const rule = rules[id];
      if (!rule) continue;
      const code = evidence.code([id], principal);
      notify(onDenial, {
        mode,
        coordinate,
        rule: rule.coordinate,
        source: rule.source,
        code,
        ...(reason && { reason }),
        principal,
      });
    }
  };
}

function createVariableCheck(inputDepth: number): Enforcement['checkVariables'] {
  const checked = new WeakSet<object>();
  return (variables) => {
    if (checked.has(variables)) return;
    checkVariableDepth(variables, inputDepth);
    checked.add(variables);
  };
}

/** An answer that cannot be told hides the schema. */
function hidesFrom(hidesSchema: EnforcementOptions['hidesSchema']): Enforcement['hidesSchema'] {
  return (principal) => {
    try {
      const hides: unknown = hidesSchema?.(principal) ?? false;
      handleRejection(hides); // Of an async function.
      return hides !== false;
    } catch {
      return true;
    }
  };
}

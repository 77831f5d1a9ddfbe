import { type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, Kind } from 'graphql';
import { createDecider, type Decider } from '../decide/decide.ts';
import type { DenialEvent, DeniedRule } from '../decide/denial.ts';
import { compileElements, type Elements } from '../rules/elements.ts';
import { createEvidence, type Evidence } from '../decide/evidence.ts';
import { checkVariableDepth, defaultInputDepth } from '../inputs/limits.ts';
import { type OriginalResolvers, resolversOf } from '../decide/owner.ts';
import { createPlanner, type Fragments, type Planner } from '../plan/plan.ts';
import { rememberedPlans } from '../plan/plan-cache.ts';
import { createPolicyGates, type Policy, type PolicyOptions } from '../policies/policy.ts';
import type { Rule } from '../rules/rule.ts';
import { createHolds, type Holds } from '../decide/target.ts';
import { createJudge, createRefuse, type Judge, type Refuse } from '../decide/verdict.ts';
import type { Principal } from '../../principal.ts';
import { handleRejection, notify } from '../../protocol/notify.ts';

/** How a schema is enforced. */
export interface EnforcementOptions {
  /**
   * The functions that `@auth(policy:)` names. Default: none.
   */
  readonly policies?: Readonly<Record<string, Policy>>;
  /** Hears why a policy denied that did not say so itself: it threw, was late or too busy, or answered with no list of the right length. */
  readonly onPolicyFault?: PolicyOptions['onFault'];
  /** How long a policy may take before it denies, in milliseconds. A question that has to wait before it is asked has no longer. Default 5,000. */
  readonly policyTimeout?: number;
  /**
   * How many calls of each policy may be in progress at once, for all operations. Further questions wait, 1,000 calls of them at
   * most, and deny when their time has passed. A call is in progress until the policy settles it: so a policy that never
   * settles holds what so many calls were given, and no more, and then denies. As many more may be in progress for SHADOW rules. Default 100.
   */
  readonly policyCalls?: number;
  /**
   * How many calls of all policies together may be in progress at once for one operation; as many more for SHADOW rules.
   * Default 10.
   */
  readonly operationPolicyCalls?: number;
  /**
   * The account that an argument named by `owner: "$argument"` means, where arguments are not the accounts' own identifiers:
   * global IDs, for one. `null`: none. Default: the argument as it is.
   */
  readonly accountIdOf?: (argument: string) => string | null;
  /**
   * How deep the variables and literals of an operation may be: objects within one another, and lists directly in lists. An
   * operation with deeper ones is refused with LIMIT_EXCEEDED before they are coerced. Default 60.
   */
  readonly inputDepth?: number;
  /** What becomes of a query that is denied in part: what is allowed is answered, or nothing of it runs. Default `partial`. */
  readonly denial?: 'partial' | 'reject';
  /**
   * Whether a caller may not read the schema: then denials name the path of the selection in the place of `coordinate`. Default: every
   * caller may.
   */
  readonly hidesSchema?: (principal: Principal) => boolean;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Hears of each rule that denied, and of each SHADOW rule that would have: once for a coordinate in an operation. It is
   * called in passing: what it throws or rejects with is lost.
   */
  readonly onDenial?: (event: DenialEvent) => void;
}

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

const fragmentsByDocument = new WeakMap<DocumentNode, Fragments>();

/** The fragments of a document by name; the object has no prototype, as a name can be any. */
export function fragmentsOf(document: DocumentNode): Fragments {
  const known = fragmentsByDocument.get(document);
  if (known) return known;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  fragmentsByDocument.set(document, fragments);
  return fragments;
}

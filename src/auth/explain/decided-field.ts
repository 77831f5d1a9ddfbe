import type { GraphQLSchema } from 'graphql';
import { ClaimgateError } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Decider, Decision } from '../decide/decide.ts';
import { createTypesJudge } from '../decide/possible-types.ts';
import { type OperationVariables, suppliedRules } from '../plan/operation-variables.ts';
import type { PlannedField } from '../plan/plan.ts';
import type { ElementRules } from '../rules/elements.ts';
import type { Rule, RuleIds } from '../rules/rule.ts';
import { createUsedElements, type UsedElement } from './used-elements.ts';

/** An element with rules that a field uses, and the decision of its ENFORCE rules. */
export interface DecidedElement {
  readonly coordinate: string;
  /** The numbers of the ENFORCE rules and of the SHADOW rules, ascending. */
  readonly ids: RuleIds;
  readonly decision: Decision;
}

/** The decisions about a selected field. */
export interface DecidedField {
  readonly elements: readonly DecidedElement[];
  /**
   * The decision about the field. `deny`: the field is denied for every value. `unjudged`: its arguments cannot be
   * judged, and no other rule denies it.
   */
  readonly decision: Decision | 'unjudged';
  /** Why the arguments of the field cannot be judged. `null`: they were judged. */
  readonly fault: ClaimgateError | null;
  /** The rules that hold for every value, and the rules of the inputs that the arguments supply. */
  readonly always: RuleIds;
  /**
   * The rules of each possible type, first of the object with the field, then of the field's value. To let the field
   * through for some value, one type of each list must allow.
   */
  readonly ofTypes: readonly (readonly RuleIds[])[];
}

/** Decides a field that an operation selects. */
export type DecideField = (field: PlannedField) => DecidedField;

/** The parts of a guarded schema that decide a field. */
export interface DecideFieldOptions {
  readonly rules: readonly Rule[];
  readonly decide: Decider;
  readonly elements: ElementRules;
  readonly shadows: ElementRules;
}

/** The rules of the inputs that the arguments of a field supply. */
interface Inputs {
  /** For every possible type of the object with the field. */
  readonly supplied: RuleIds;
  /** For each possible type. */
  readonly ofParents: readonly RuleIds[];
  /** The SHADOW rules, for at least one possible type. */
  readonly shadowed: RuleIds;
}

/** Makes the function that decides the fields of one operation for one principal. */
export function createDecideField(
  schema: GraphQLSchema,
  { rules, decide, elements, shadows }: DecideFieldOptions,
  variables: OperationVariables,
  principal: Principal,
): DecideField {
  const types = createTypesJudge(decide, variables, principal);
  const used = createUsedElements(schema, elements);
  const usedShadows = createUsedElements(schema, shadows);

  /** Returns the rules of the inputs. `null`: the arguments cannot be coerced. */
  function inputsOf(field: PlannedField): Inputs | null {
    const { possibilities, parent, name, node } = field;
    const supplied = suppliedRules(field, variables);
    if (supplied === null) return null;
    const ofParents: RuleIds[] = [];
    for (const { inputs } of possibilities.length > 1 ? possibilities : []) {
      const ids = inputs ? variables.supplied({ ...inputs, node }) : [];
      if (ids === null) return null;
      ofParents.push(ids);
    }
    const shadowed = parent.possible.flatMap((type) => {
      const inputs = shadows.inputRules(type.name, name);
      const definition = inputs && type.getFields()[name];
      return (definition && variables.supplied({ rules: inputs, field: definition, node })) ?? [];
    });
    return { supplied, ofParents, shadowed };
  }

  /** Returns the rules of the inputs, or the error for arguments that cannot be judged. */
  function inputsOrFault(field: PlannedField): Inputs | ClaimgateError {
    try {
      return inputsOf(field) ?? argumentFault(field.name);
    } catch (error) {
      if (error instanceof ClaimgateError) return error;
      throw error;
    }
  }

  return (field) => {
    const inputs = inputsOrFault(field);
    const fault = inputs instanceof ClaimgateError ? inputs : null;
    const { supplied, ofParents, shadowed } = inputs instanceof ClaimgateError ? noInputs : inputs;
    const eachDenies = {
      always: true,
      parent: fault === null && Array.isArray(types.ofParent(field)),
      value: types.ofValue(field) !== null,
    };
    const found = [
      ...used(field),
      ...byCarrier(supplied, rules, 'always'),
      ...byCarrier(without(ofParents.flat(), supplied), rules, 'parent'),
    ].map(({ coordinate, ids, when }): DecidedElement => {
      const decision = decide(ids, principal);
      // Another possible type may allow.
      return { coordinate, ids, decision: decision === 'deny' && !eachDenies[when] ? 'depends' : decision };
    });
    const ofShadows = [...usedShadows(field), ...byCarrier(shadowed, rules, 'always')];
    return {
      elements: ofShadows.length > 0 ? withShadows(found, ofShadows) : found,
      decision: decisionOf(found, eachDenies, fault !== null),
      fault,
      always: supplied.length > 0 ? [...field.rules, ...supplied] : field.rules,
      ofTypes: typesOf(field, ofParents),
    };
  };
}

const noInputs: Inputs = { supplied: [], ofParents: [], shadowed: [] };

function decisionOf(
  elements: readonly DecidedElement[],
  eachDenies: { readonly parent: boolean; readonly value: boolean },
  isUnjudged: boolean,
): DecidedField['decision'] {
  if (eachDenies.parent || eachDenies.value || elements.some(({ decision }) => decision === 'deny')) return 'deny';
  if (isUnjudged) return 'unjudged';
  return elements.some(({ decision }) => decision === 'depends') ? 'depends' : 'allow';
}

/** Returns the lists of `DecidedField.ofTypes`. */
function typesOf({ possibilities }: PlannedField, ofParents: readonly RuleIds[]): DecidedField['ofTypes'] {
  const ofValues = [...new Set(possibilities.map(({ returns }) => returns))];
  const lists = [ofValues.every((returns) => returns.length > 0) ? ofValues.flat() : []];
  if (possibilities.length > 1) lists.push(possibilities.map(({ rules }, at) => [...rules, ...(ofParents[at] ?? [])]));
  return lists.filter((types) => types.length > 0 && types.every((ids) => ids.length > 0));
}

function argumentFault(field: string): ClaimgateError {
  const message = `An argument of the field "${field}" is not of its type. Send a value of its type.`;
  return new ClaimgateError('BAD_USER_INPUT', message);
}

/** Returns one element for each element that carries one of the rules. */
function byCarrier(ids: RuleIds, rules: readonly Rule[], when: UsedElement['when']): readonly UsedElement[] {
  if (ids.length === 0) return [];
  const groups = Map.groupBy(new Set(ids), (id) => rules[id]?.coordinate ?? '');
  return [...groups].map(([coordinate, carried]) => ({ coordinate, ids: carried, when }));
}

function without(ids: RuleIds, others: RuleIds): RuleIds {
  return ids.filter((id) => !others.includes(id));
}

/** Adds SHADOW rules to the elements. They do not change a decision. */
function withShadows(elements: readonly DecidedElement[], shadowed: readonly UsedElement[]): readonly DecidedElement[] {
  const joined = [...elements];
  const places = new Map(joined.map(({ coordinate }, at) => [coordinate, at]));
  for (const { coordinate, ids } of shadowed) {
    const at = places.get(coordinate) ?? joined.length;
    places.set(coordinate, at);
    const { ids: enforced = [], decision = 'allow' } = joined[at] ?? {};
    joined[at] = { coordinate, ids: [...new Set([...enforced, ...ids])].sort((a, b) => a - b), decision };
  }
  return joined;
}

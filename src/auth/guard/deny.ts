import {
  type GraphQLError,
  type GraphQLResolveInfo,
  getNamedType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import type { Principal } from '../../principal.ts';
import type { Denial, DenialCode, DeniedRule } from '../decide/denial.ts';
import { denialError, refusalEvidence } from '../decide/denial-error.ts';
import { describeDenials } from '../decide/denial-text.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Execution, Executions } from './execution.ts';
import { hideSchema, withoutCoordinate } from '../decide/hide-schema.ts';
import { operationVariables, suppliedRules } from '../plan/operation-variables.ts';
import type { Refusal } from '../decide/verdict.ts';

/** Where in an execution something is denied, and to whom. */
export interface Place {
  readonly info: GraphQLResolveInfo;
  readonly context: unknown;
  readonly principal: Principal;
}

/** How the guard says no: it throws, or returns the null that stands where the error was told before. */
export interface Denier {
  /**
   * Denies a field by rules that the caller alone decides: one error for a selection.
   *
   * @param supplied - the rules of what its arguments supply
   */
  field(place: Place, rules: RuleIds, supplied: RuleIds): null;
  /** Denies a field by rules that a value, an argument or a policy decided: one error for a position. */
  position(place: Place, denied: readonly DeniedRule[]): never;
  /** Denies a value by the rules of its type: the error names the field that returns it, and says nothing of the type. */
  value(place: Place, denied: readonly DeniedRule[], perPosition: boolean): never;
  /** Denies a root field of an operation of which nothing may run. */
  operation(refusal: Refusal, place: Place): null;
}

/** How many denials of an operation are told one by one: each costs time and room, and a document can ask for thousands. */
const mostTold = 100;

export function createDenier(enforcement: Enforcement, executions: Executions): Denier {
  const { decide, evidence, tell, hidesSchema } = enforcement;

  /** Whoever listens hears of each coordinate once: aliases, of which a document can have any number, crowd nothing out. */
  function hear(
    execution: Execution,
    coordinate: string,
    denied: () => readonly DeniedRule[],
    principal: Principal,
  ): void {
    if (execution.heard.has(coordinate)) return;
    execution.heard.add(coordinate);
    tell('enforce', coordinate, denied(), principal);
  }

  function selectionError(
    { info, principal }: Place,
    told: Denial,
    code: DenialCode,
    path?: readonly (string | number)[],
  ): GraphQLError {
    const selection = selectionOf(info);
    const denial = hidesSchema(principal) ? withoutCoordinate(told, selection) : told;
    return denialError(describeDenials(code, [denial], principal), {
      nodes: info.fieldNodes,
      path: path ?? null,
      extensions: { code, ...denial, selection },
    });
  }

  return {
    field(place, rules, supplied) {
      const { info, context, principal } = place;
      const execution = executions(info, context);
      const before = execution.told.get(info.fieldNodes);
      if (before) return passOver(before, info);
      const fields = execution.selected(info.path);
      const certain = fields.find((field) => decide(field.rules, principal) === 'deny') ?? fields[0];
      const coordinate = certain?.coordinate ?? info.fieldName;
      const key = `${selectionOf(info).join('.')} ${coordinate}`;
      const told = execution.errors.get(key);
      if (told) return passOver(told, info);
      hear(execution, coordinate, () => evidence.denying([...rules, ...supplied], principal), principal);
      if (execution.errors.size >= mostTold) {
        const first = execution.overflow === undefined;
        const overflow = overflowOf(execution, place);
        if (first) throw overflow;
        return passOver(overflow, info);
      }
      const variables = operationVariables(info.variableValues, () => info.variableValues);
      const ids = certain ? [...certain.rules, ...(suppliedRules(certain, variables) ?? [])] : [];
      // Otherwise it was the value that told the type whose rule denies.
      const tells = decide(ids, principal) === 'deny';
      const denial = tells ? evidence.denial(coordinate, ids, principal) : { coordinate };
      const code = evidence.code(tells ? ids : [], principal);
      const error = selectionError(place, denial, code, responsePathAsArray(info.path));
      execution.errors.set(key, error);
      execution.told.set(info.fieldNodes, error);
      throw error;
    },

    position(place, rules) {
      const { info, context, principal } = place;
      const execution = executions(info, context);
      const [selected] = execution.selected(info.path);
      const coordinate = selected?.coordinate ?? info.fieldName;
      hear(execution, coordinate, () => rules, principal);
      // Where the document leaves the parent's type open, what only one type asks for would tell it.
      const known = selected?.parent.possible.length === 1 ? rules : [];
      const denial = { coordinate, ...reasonIn(known) };
      const error =
        overTold(execution, place) ??
        selectionError(place, denial, evidence.code([], principal), responsePathAsArray(info.path));
      throw error;
    },

    value(place, rules, perPosition) {
      const { info, context, principal } = place;
      const execution = executions(info, context);
      const coordinate = execution.selected(info.path)[0]?.coordinate ?? info.fieldName;
      const key = `${selectionOf(info).join('.')} ${coordinate}`;
      hear(execution, coordinate, () => rules, principal);
      const overflow = overTold(execution, place);
      if (overflow) throw overflow;
      // Without a path: the executor puts one around it at each position, and it alone knows the index of a list's item.
      const told = perPosition ? undefined : execution.errors.get(key);
      // What returns values of several types would tell the type by the reason.
      const denial = { coordinate, ...reasonIn(isObjectType(getNamedType(info.returnType)) ? rules : []) };
      const error = told ?? selectionError(place, denial, evidence.code([], principal));
      if (!perPosition) execution.errors.set(key, error);
      throw error;
    },

    operation(whole, { info, context, principal }) {
      const execution = executions(info, context);
      if (execution.refusal) return passOver(execution.refusal, info);
      const plan = hidesSchema(principal) ? enforcement.plan(info.operation, info.fragments) : null;
      const refusal = plan ? hideSchema(whole, plan, info.variableValues) : whole;
      execution.refusal = denialError(describeDenials(refusal.code, refusal.denials, principal), {
        nodes: info.fieldNodes,
        path: responsePathAsArray(info.path),
        extensions: { code: refusal.code, ...refusalEvidence(refusal) },
      });
      throw execution.refusal;
    },
  };

  function overTold(execution: Execution, place: Place): GraphQLError | null {
    execution.toldPositions += 1;
    return execution.toldPositions > mostTold ? overflowOf(execution, place) : null;
  }

  /** The one error of everything beyond that. It has a path, so that the executor leaves it as it is, and it counts. */
  function overflowOf(execution: Execution, { info, principal }: Place): GraphQLError {
    execution.overflow ??= denialError(`More was denied in this operation than the ${mostTold} that are told.`, {
      path: responsePathAsArray(info.path),
      extensions: { code: evidence.code([], principal), notTold: 0 },
    });
    execution.overflow.extensions['notTold'] = Number(execution.overflow.extensions['notTold']) + 1;
    return execution.overflow;
  }
}

/** Why rules denied, where each of them gave a reason. */
function reasonIn(denied: readonly DeniedRule[]): Pick<Denial, 'reason'> {
  const reason = denied.every((rule) => rule.reason !== null) ? denied[0]?.reason : null;
  return reason ? { reason } : {};
}

/** The error was told at an earlier position. Where null cannot stand, the same error travels up once more: it has its path. */
function passOver(told: GraphQLError, info: GraphQLResolveInfo): null {
  if (isNonNullType(info.returnType)) throw told;
  return null;
}

/** The path without indices: what is selected, wherever in lists it stands. */
function selectionOf(info: GraphQLResolveInfo): readonly string[] {
  return responsePathAsArray(info.path).filter((key) => typeof key === 'string');
}

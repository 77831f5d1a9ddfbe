import {
  type GraphQLError,
  type GraphQLResolveInfo,
  getNamedType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import { type Principal, warnOfMissingPrincipal } from '../../principal.ts';
import type { Denial, DenialCode, DeniedRule } from '../decide/denial.ts';
import { denialError, refusalEvidence } from '../decide/denial-error.ts';
import { describeDenials } from '../decide/denial-text.ts';
import type { RuleIds } from '../rules/rule.ts';
import type { Enforcement } from './enforcement.ts';
import type { Execution, Executions } from './execution.ts';
import { hideSchema, withoutCoordinate } from '../decide/hide-schema.ts';
import { operationVariables, suppliedRules } from '../plan/operation-variables.ts';
import type { Refusal } from '../decide/verdict.ts';

/** The position in an execution where a field or value is denied, and the caller. */
export interface DenialPlace {
  readonly info: GraphQLResolveInfo;
  readonly context: unknown;
  readonly principal: Principal;
}

/**
 * Functions that deny parts of an operation. If the error was already reported at another position, `field` and
 * `operation` return null for a nullable field. Otherwise a function throws the error.
 */
export interface Denier {
  /**
   * Denies a field by rules that depend only on the caller. All positions of a selection share one error.
   *
   * @param supplied - the rules of the inputs that the field's arguments supply
   */
  field(place: DenialPlace, rules: RuleIds, supplied: RuleIds): null;
  /** Denies a field by rules that a value, an argument or a policy decided. Each position has its own error. */
  position(place: DenialPlace, denied: readonly DeniedRule[]): never;
  /**
   * Denies a value by the rules of its type. The error names the field that returns the value. It does not reveal the
   * type.
   *
   * @param perPosition - whether each position has its own error. Otherwise all positions of a selection share one error
   */
  value(place: DenialPlace, denied: readonly DeniedRule[], perPosition: boolean): never;
  /** Denies a root field of a refused operation. All root fields share one error. */
  operation(refusal: Refusal, place: DenialPlace): null;
}

/**
 * How many denied selections of one operation have their own errors, and how many denied positions and values. All
 * further denials share one error. The bound is needed because a document can cause thousands of denials.
 */
const maxReportedDenials = 100;

/** Makes the functions that deny parts of an operation. */
export function createDenier(enforcement: Enforcement, executions: Executions): Denier {
  const { decide, evidence, reportDenial, hidesSchema } = enforcement;

  /** Reports each coordinate only one time, even if a document selects it with many aliases. */
  function reportOnce(
    execution: Execution,
    coordinate: string,
    denied: () => readonly DeniedRule[],
    principal: Principal,
  ): void {
    if (execution.reported.has(coordinate)) return;
    execution.reported.add(coordinate);
    reportDenial('enforce', coordinate, denied(), principal, execution.operation);
  }

  function selectionError(
    { info, context, principal }: DenialPlace,
    found: Denial,
    code: DenialCode,
    path?: readonly (string | number)[],
  ): GraphQLError {
    if (code === 'UNAUTHENTICATED') warnOfMissingPrincipal(context);
    const selection = selectionOf(info);
    const denial = hidesSchema(principal) ? withoutCoordinate(found, selection) : found;
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
      const earlier = execution.errorByNodes.get(info.fieldNodes);
      if (earlier) return denyAgain(earlier, info);
      const fields = execution.selected(info.path);
      const certain = fields.find((field) => decide(field.rules, principal) === 'deny') ?? fields[0];
      const coordinate = certain?.coordinate ?? info.fieldName;
      const key = `${selectionOf(info).join('.')} ${coordinate}`;
      const ofSelection = execution.errorBySelection.get(key);
      if (ofSelection) return denyAgain(ofSelection, info);
      reportOnce(execution, coordinate, () => evidence.denying([...rules, ...supplied], principal), principal);
      if (execution.errorBySelection.size >= maxReportedDenials) {
        const isFirst = execution.overflowError === undefined;
        const overflow = overflowOf(execution, place);
        if (isFirst) throw overflow;
        return denyAgain(overflow, info);
      }
      const variables = operationVariables(info.variableValues, () => info.variableValues);
      const ids = certain ? [...certain.rules, ...(suppliedRules(certain, variables) ?? [])] : [];
      // If the rules that the document determines do not deny, a rule of the value's own type denies. The scopes of
      // this rule are left out, because they would reveal the type.
      const isCertain = decide(ids, principal) === 'deny';
      const denial = isCertain ? evidence.denial(coordinate, ids, principal) : { coordinate };
      const code = evidence.code(isCertain ? ids : [], principal);
      const error = selectionError(place, denial, code, responsePathAsArray(info.path));
      execution.errorBySelection.set(key, error);
      execution.errorByNodes.set(info.fieldNodes, error);
      throw error;
    },

    position(place, rules) {
      const { info, context, principal } = place;
      const execution = executions(info, context);
      const [selected] = execution.selected(info.path);
      const coordinate = selected?.coordinate ?? info.fieldName;
      reportOnce(execution, coordinate, () => rules, principal);
      // If the parent has several possible types, a reason would reveal its type.
      const known = selected?.parent.possible.length === 1 ? rules : [];
      const denial = { coordinate, ...reasonIn(known) };
      const error =
        overflowError(execution, place) ??
        selectionError(place, denial, evidence.code([], principal), responsePathAsArray(info.path));
      throw error;
    },

    value(place, rules, perPosition) {
      const { info, context, principal } = place;
      const execution = executions(info, context);
      const coordinate = execution.selected(info.path)[0]?.coordinate ?? info.fieldName;
      const key = `${selectionOf(info).join('.')} ${coordinate}`;
      reportOnce(execution, coordinate, () => rules, principal);
      const overflow = overflowError(execution, place);
      if (overflow) throw overflow;
      const earlier = perPosition ? undefined : execution.errorBySelection.get(key);
      // If the value has several possible types, a reason would reveal its type.
      const denial = { coordinate, ...reasonIn(isObjectType(getNamedType(info.returnType)) ? rules : []) };
      // The error has no path. The executor adds the path at each position, because only the executor knows the list
      // index.
      const error = earlier ?? selectionError(place, denial, evidence.code([], principal));
      if (!perPosition) execution.errorBySelection.set(key, error);
      throw error;
    },

    operation(found, { info, context, principal }) {
      const execution = executions(info, context);
      if (execution.refusalError) return denyAgain(execution.refusalError, info);
      if (found.code === 'UNAUTHENTICATED') warnOfMissingPrincipal(context);
      const plan = hidesSchema(principal) ? enforcement.plan(info.operation, info.fragments) : null;
      const refusal = plan ? hideSchema(found, plan, info.variableValues) : found;
      execution.refusalError = denialError(describeDenials(refusal.code, refusal.denials, principal), {
        nodes: info.fieldNodes,
        path: responsePathAsArray(info.path),
        extensions: { code: refusal.code, ...refusalEvidence(refusal) },
      });
      throw execution.refusalError;
    },
  };

  /** Counts a denied position. If there are more than `maxReportedDenials`, it returns the error that they share. */
  function overflowError(execution: Execution, place: DenialPlace): GraphQLError | null {
    execution.deniedPositions += 1;
    return execution.deniedPositions > maxReportedDenials ? overflowOf(execution, place) : null;
  }

  /**
   * Returns the error that all denials beyond `maxReportedDenials` share, and adds one to its count. The error has a
   * path. Otherwise the executor would replace the error.
   */
  function overflowOf(execution: Execution, { info, principal }: DenialPlace): GraphQLError {
    execution.overflowError ??= denialError(
      `More than ${maxReportedDenials} selections or values were denied. Their errors are not in this answer.`,
      {
        path: responsePathAsArray(info.path),
        extensions: { code: evidence.code([], principal), notTold: 0 },
      },
    );
    const { extensions } = execution.overflowError;
    extensions['notTold'] = Number(extensions['notTold']) + 1;
    return execution.overflowError;
  }
}

/** Returns the reason of the first rule, if every rule has a reason. */
function reasonIn(denied: readonly DeniedRule[]): Pick<Denial, 'reason'> {
  const reason = denied.every((rule) => rule.reason !== null) ? denied[0]?.reason : null;
  return reason ? { reason } : {};
}

/**
 * Denies a further position of a selection. The error was already reported at an earlier position, and has the path of
 * that position. The function returns null. If the field is non-null, the function throws the error again instead.
 */
function denyAgain(reported: GraphQLError, info: GraphQLResolveInfo): null {
  if (isNonNullType(info.returnType)) throw reported;
  return null;
}

/** Returns the response path without list indices. */
function selectionOf(info: GraphQLResolveInfo): readonly string[] {
  return responsePathAsArray(info.path).filter((key) => typeof key === 'string');
}

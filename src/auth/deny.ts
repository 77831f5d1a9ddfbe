import { type GraphQLError, type GraphQLResolveInfo, isNonNullType, responsePathAsArray } from 'graphql';
import type { Principal } from '../principal.ts';
import { type Denial, denialCode, denialError, describeDenials, refusalEvidence } from './denial.ts';
import { createExecutions, type Execution, followPaths } from './execution.ts';
import type { Enforcement } from './enforcement.ts';
import { denialOf, type Refusal, type Verdict } from './verdict.ts';

/** How the guard says no: it throws, or gives the null that stands where the error was told before. */
export interface Denier {
  /** Denies a field by its rules. */
  field(info: GraphQLResolveInfo, context: unknown, principal: Principal): null;
  /** Denies a value by the rules of its type: the error names the field that returns it, and says nothing of the type. */
  value(info: GraphQLResolveInfo, context: unknown, principal: Principal): never;
  /** Judges the whole operation, once for all its root fields. */
  judge(info: GraphQLResolveInfo, context: unknown, principal: Principal): Verdict;
  /** Denies a root field of an operation of which nothing may run. */
  operation(refusal: Refusal, info: GraphQLResolveInfo, context: unknown): null;
}

export function createDenier({ rules, decide, judge, plan }: Enforcement): Denier {
  const executions = createExecutions(({ operation, fragments, variableValues }) => {
    const planned = plan(operation, fragments);
    return planned ? followPaths(planned.root, variableValues) : () => [];
  });

  return {
    field(info, context, principal) {
      const execution = executions(info, context);
      const { selected, errors } = execution;
      const fields = selected(info.path);
      const certain = fields.find((field) => decide(field.rules, principal) === 'deny');
      // Otherwise it was the value that told the type whose rule denies.
      const denial = certain ? denialOf(certain, rules) : { coordinate: fields[0]?.coordinate ?? info.fieldName };
      const key = `${selectionOf(info).join('.')} ${denial.coordinate}`;
      const told = errors.get(key);
      if (told) return passOver(told, info);
      if (errors.size >= mostTold) {
        const first = execution.overflow === undefined;
        const overflow = overflowOf(execution, principal, info);
        if (first) throw overflow;
        return passOver(overflow, info);
      }
      const error = selectionError(denial, principal, info, responsePathAsArray(info.path));
      errors.set(key, error);
      throw error;
    },

    value(info, context, principal) {
      const execution = executions(info, context);
      execution.toldValues += 1;
      if (execution.toldValues > mostTold) throw overflowOf(execution, principal, info);
      const { selected, errors } = execution;
      const coordinate = selected(info.path)[0]?.coordinate ?? info.fieldName;
      const key = `${selectionOf(info).join('.')} ${coordinate}`;
      // Without a path: the executor puts one around it at each position, and it alone knows the index of a list's item.
      const error = errors.get(key) ?? selectionError({ coordinate }, principal, info);
      errors.set(key, error);
      throw error;
    },

    judge(info, context, principal) {
      // A root type can be returned by a field, too: its fields are no root fields there.
      if (info.path.prev) return { kind: 'run' };
      const execution = executions(info, context);
      const planned = plan(info.operation, info.fragments);
      if (!planned) throw new Error(`No ${info.operation.operation} can be planned in this schema.`);
      return (execution.verdict ??= judge(planned, info.variableValues, principal));
    },

    operation(refusal, info, context) {
      const execution = executions(info, context);
      if (execution.refusal) return passOver(execution.refusal, info);
      execution.refusal = denialError(describeDenials(refusal.code, refusal.denials), {
        nodes: info.fieldNodes,
        path: responsePathAsArray(info.path),
        extensions: { code: refusal.code, ...refusalEvidence(refusal) },
      });
      throw execution.refusal;
    },
  };
}

/** How many denials of an operation are told one by one: each costs time and room, and a document can ask for thousands. */
const mostTold = 100;

/** The one error of everything beyond that. It has a path, so that the executor leaves it as it is, and it counts. */
function overflowOf(execution: Execution, principal: Principal, info: GraphQLResolveInfo): GraphQLError {
  execution.overflow ??= denialError(`More was denied in this operation than the ${mostTold} that are told.`, {
    path: responsePathAsArray(info.path),
    extensions: { code: denialCode(principal), notTold: 0 },
  });
  execution.overflow.extensions['notTold'] = Number(execution.overflow.extensions['notTold']) + 1;
  return execution.overflow;
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

function selectionError(
  denial: Denial,
  principal: Principal,
  info: GraphQLResolveInfo,
  path?: readonly (string | number)[],
): GraphQLError {
  const code = denialCode(principal);
  return denialError(describeDenials(code, [denial]), {
    nodes: info.fieldNodes,
    path: path ?? null,
    extensions: { code, ...denial, selection: selectionOf(info) },
  });
}

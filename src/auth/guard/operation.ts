import { type GraphQLResolveInfo, OperationTypeNode } from 'graphql';
import { type Principal, principalOf } from '../../principal.ts';
import type { DeniedRule } from '../decide/denial.ts';
import { toExecutionError } from '../decide/denial-error.ts';
import type { Execution } from './execution.ts';
import type { Guard, Resolver } from './guard.ts';
import { includedFields } from '../plan/included-fields.ts';
import { isPromiseLike, type MaybePromise, whenAll } from '../maybe-promise.ts';
import type { Selections } from '../plan/plan.ts';
import type { DecisionTarget } from '../decide/target.ts';
import { argumentsOf, inputFault, operationVariables } from '../plan/operation-variables.ts';
import type { Verdict } from '../decide/verdict.ts';

/**
 * Guards a root field of an operation that must not begin if a part of it is denied before it runs. The first root
 * field that is executed decides the whole operation. Therefore no resolver has run when the operation is refused.
 */
export function guardOperation(resolve: Resolver, guard: Guard): Resolver {
  return (source, args, context, info) => {
    // A field below the root can return a root type. The fields of this value are not root fields.
    if (info.path.prev) return resolve(source, args, context, info);
    const principal = principalOf(context);
    const execution = guard.executions(info, context);
    const verdict = judgeOnce(execution, () => judge(info, context, principal, guard));
    const go = (verdict: Verdict): unknown =>
      verdict.kind === 'refuse'
        ? guard.deny.operation(verdict, { info, context, principal })
        : resolve(source, args, context, info);
    return isPromiseLike(verdict) ? verdict.then(go) : go(verdict);
  };
}

/**
 * Judges an operation one time. If the judge throws, every root field gets this error. No root field judges the
 * operation again. Otherwise a later root field could run alone.
 */
function judgeOnce(execution: Execution, judge: () => MaybePromise<Verdict>): MaybePromise<Verdict> {
  if (execution.judgeFault) throw execution.judgeFault.error;
  try {
    return (execution.verdict ??= judge());
  } catch (error) {
    execution.judgeFault = { error: toExecutionError(error) };
    throw execution.judgeFault.error;
  }
}

function judge(info: GraphQLResolveInfo, context: unknown, principal: Principal, guard: Guard): MaybePromise<Verdict> {
  const planned = guard.plan(info.operation, info.fragments);
  if (!planned) throw new Error(`No ${info.operation.operation} can be planned in this schema.`);
  guard.checkVariables(info.variableValues);
  const variables = operationVariables(info.variableValues, () => info.variableValues);
  const verdict = guard.judge(planned, variables, principal);
  // The guard of each field decides the dynamic rules of a query, because a query changes nothing.
  const decided = verdict.kind === 'refuse' || info.operation.operation === OperationTypeNode.QUERY;
  return decided ? verdict : judgeRoots(planned.root, info, context, principal, guard);
}

/** Decides the dynamic rules of all root fields before any root field runs. */
function judgeRoots(
  root: Selections,
  info: GraphQLResolveInfo,
  context: unknown,
  principal: Principal,
  { elements, decide, denyingOf, refuse }: Guard,
): MaybePromise<Verdict> {
  const type = info.parentType.name;
  const dynamicFields = includedFields([root], info.variableValues).flatMap((planned) => {
    const field = info.parentType.getFields()[planned.name];
    if (!field) return []; // __typename
    const coordinate = `${type}.${field.name}`;
    const inputs = elements.inputRules(type, field.name);
    const own = elements.ownRules(type, field.name).filter((id) => decide([id], principal) !== 'allow');
    if (own.length === 0 && !inputs) return [];
    const args = argumentsOf(field, planned.node, info.variableValues);
    if (!args) throw inputFault(field.name);
    const supplied = inputs ? inputs(args).filter((id) => decide([id], principal) !== 'allow') : [];
    const open = [...own, ...supplied];
    if (open.length === 0) return [];
    const place = {
      ...info,
      fieldName: field.name,
      fieldNodes: [planned.node],
      returnType: field.type,
      // The object of the path identifies an event of a subscription.
      path:
        info.path.key === planned.responseKey
          ? info.path
          : { prev: undefined, key: planned.responseKey, typename: type },
    };
    const target: DecisionTarget = { principal, parent: info.rootValue, type, args, coordinate, context, info: place };
    return [{ coordinate, denying: denyingOf(open, target) }];
  });
  return whenAll(
    dynamicFields.map((field) => field.denying),
    (denying) => {
      const denied = new Map<string, readonly DeniedRule[]>();
      for (const [index, { coordinate }] of dynamicFields.entries()) {
        const rules = [...(denied.get(coordinate) ?? []), ...(denying[index] ?? [])];
        if (rules.length > 0) denied.set(coordinate, rules);
      }
      const ids = new Map([...denied].map(([coordinate, rules]) => [coordinate, rules.map(({ id }) => id)]));
      return refuse(ids, principal, info.operation, denied);
    },
  );
}

import { type GraphQLError, type GraphQLResolveInfo, OperationTypeNode } from 'graphql';
import { createStamps } from '../../protocol/stamps.ts';
import type { MaybePromise } from '../maybe-promise.ts';
import type { SelectedFields } from '../plan/selected-fields.ts';
import type { OwnersAndPolicies } from '../decide/target.ts';
import type { Verdict } from '../decide/verdict.ts';

/** The state of the guard for one execution of an operation, or for one event of a subscription. */
export interface Execution {
  readonly contextValue: unknown;
  readonly operation: GraphQLResolveInfo['operation'];
  /** The event of a subscription to which the state belongs. `null`: the operation is not a subscription. */
  readonly event: object | null;
  readonly selected: SelectedFields;
  /** The verdict about the whole operation, or the promise of the verdict. */
  verdict?: MaybePromise<Verdict>;
  /** The error that was thrown while the operation was judged. If this member is set, no part of the operation runs. */
  judgeFault?: { readonly error: unknown };
  /** Owners and policies for ENFORCE rules. */
  readonly answers: OwnersAndPolicies;
  /**
   * Owners and policies for SHADOW rules. They are separate. Therefore a SHADOW rule does not delay an ENFORCE rule.
   */
  readonly shadowAnswers: OwnersAndPolicies;
  /** The error of the whole operation, if the operation was refused. */
  refusalError?: GraphQLError;
  /** The error of each denied selection, by selection and coordinate. There are at most 2 × `maxReportedDenials`. */
  readonly errorBySelection: Map<string, GraphQLError>;
  /**
   * The errors of `errorBySelection`, by the executor's array `fieldNodes`. For a selection on one type, the executor
   * uses one array at all positions.
   */
  readonly errorByNodes: WeakMap<object, GraphQLError>;
  /** How many positions were denied by a value, an argument or a policy. */
  deniedPositions: number;
  /**
   * The coordinates of the denials that were reported to `onDenial`, and the SHADOW rules with their coordinates. Each
   * is reported only one time. The schema bounds their number.
   */
  readonly reported: Set<string>;
  /** The error of all denials beyond `maxReportedDenials`. */
  overflowError?: GraphQLError;
}

/** Finds the state of an execution. */
export type Executions = (info: GraphQLResolveInfo, contextValue: unknown) => Execution;

/**
 * Makes the function that finds the state of an execution. The key is the object of the coerced variables, because
 * graphql-js makes a new object for each execution. Another executor may share one object between executions. Therefore
 * a new state is made if the operation or the context changes.
 *
 * The executor of GraphQL Yoga shares one object between all events of a subscription. Each event gets a new state,
 * because the answers of policies and owners are only for one event, and would otherwise be stored until the subscription
 * ends.
 *
 * @param begin - makes the parts that depend on the guard
 */
export function createExecutions(
  begin: (info: GraphQLResolveInfo, contextValue: unknown) => Pick<Execution, 'selected' | 'answers' | 'shadowAnswers'>,
): Executions {
  const executions = createStamps<Execution>();
  return (info, contextValue) => {
    const { operation } = info;
    const event = operation.operation === OperationTypeNode.SUBSCRIPTION ? rootOf(info.path) : null;
    const known = executions.get(info.variableValues);
    if (known?.operation === operation && known.contextValue === contextValue && known.event === event) return known;
    const execution = {
      contextValue,
      operation,
      event,
      ...begin(info, contextValue),
      errorBySelection: new Map<string, GraphQLError>(),
      errorByNodes: new WeakMap<object, GraphQLError>(),
      deniedPositions: 0,
      reported: new Set<string>(),
    };
    executions.set(info.variableValues, execution);
    return execution;
  };
}

/** Returns the object of the root of a path. The executor makes it anew for each event of a subscription. */
function rootOf(path: GraphQLResolveInfo['path']): object {
  let root = path;
  while (root.prev) root = root.prev;
  return root;
}

import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { MaybePromise } from '../maybe-promise.ts';
import type { SelectedFields } from '../plan/selected-fields.ts';
import type { Answers } from '../decide/target.ts';
import type { Verdict } from '../decide/verdict.ts';

/**
 * The state of the guard for one execution of an operation. It is made when it is first needed, and ends with the
 * execution.
 */
export interface Execution {
  readonly contextValue: unknown;
  readonly operation: GraphQLResolveInfo['operation'];
  readonly selected: SelectedFields;
  /** The verdict over the whole operation, or its promise. */
  verdict?: MaybePromise<Verdict>;
  /** The error that was thrown while the operation was judged. If it is set, no part of the operation runs. */
  judgeFault?: { readonly error: unknown };
  /** Owners and policies for ENFORCE rules. */
  readonly answers: Answers;
  /**
   * Owners and policies for SHADOW rules. The questions to policies are separate, so that a SHADOW rule delays no
   * ENFORCE rule.
   */
  readonly shadowAnswers: Answers;
  /** The error of the whole operation, after it was refused. */
  refusalError?: GraphQLError;
  /** The error of each denied selection, by selection and coordinate; at most `maxReportedDenials`. */
  readonly errorBySelection: Map<string, GraphQLError>;
  /**
   * The same errors, by the executor's array `fieldNodes`. The executor uses one array for all positions of a selection
   * on one type.
   */
  readonly errorByNodes: WeakMap<object, GraphQLError>;
  /** How many positions were denied by a value, an argument or a policy. */
  deniedPositions: number;
  /**
   * The coordinates that were reported to `onDenial`, so that each is reported once. The schema bounds their number.
   */
  readonly reported: Set<string>;
  /** The error of all denials beyond `maxReportedDenials`. */
  overflowError?: GraphQLError;
}

/** Finds the state of an execution. */
export type Executions = (info: GraphQLResolveInfo, contextValue: unknown) => Execution;

/**
 * Stores the state of an execution by the object of its coerced variables. graphql-js makes a new object for each
 * execution. If another executor shares one object between executions, the state is made anew when the operation or the
 * context changes.
 *
 * @param begin - makes the parts that depend on the guard
 */
export function createExecutions(
  begin: (info: GraphQLResolveInfo, contextValue: unknown) => Pick<Execution, 'selected' | 'answers' | 'shadowAnswers'>,
): Executions {
  const executions = new WeakMap<object, Execution>();
  return (info, contextValue) => {
    const known = executions.get(info.variableValues);
    if (known && known.operation === info.operation && known.contextValue === contextValue) return known;
    const execution = {
      contextValue,
      operation: info.operation,
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

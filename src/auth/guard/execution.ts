import type { GraphQLError, GraphQLResolveInfo } from 'graphql';
import type { MaybePromise } from '../maybe-promise.ts';
import type { SelectedFields } from '../plan/selected-fields.ts';
import type { Answers } from '../decide/target.ts';
import type { Verdict } from '../decide/verdict.ts';

/** What the guard knows of one execution of an operation: made when first needed, gone with it. */
export interface Execution {
  readonly contextValue: unknown;
  readonly operation: GraphQLResolveInfo['operation'];
  readonly selected: SelectedFields;
  /** The judgement over the whole operation, once made, or while it is being made. */
  verdict?: MaybePromise<Verdict>;
  /** What was thrown while it was made: nothing of the operation runs. */
  fault?: { readonly error: unknown };
  /** What a caller alone does not answer. */
  readonly answers: Answers;
  /** The same for rules on trial: what they ask holds up nothing that another rule asks. */
  readonly trialAnswers: Answers;
  /** The one error of the whole operation, once it was refused. */
  refusal?: GraphQLError;
  /** The one error of each denied selection, as far as they are told one by one. */
  readonly errors: Map<string, GraphQLError>;
  /** The same by the nodes that the executor keeps for all positions of a selection, of one type. */
  readonly told: WeakMap<object, GraphQLError>;
  /** How many positions were told that a value, an argument or a policy denied. */
  toldPositions: number;
  /** What was told to whoever listens, so that each is told once: no more than the schema has. */
  readonly heard: Set<string>;
  /** The one error of all that is not told any more. */
  overflow?: GraphQLError;
}

export type Executions = (info: GraphQLResolveInfo, contextValue: unknown) => Execution;

/**
 * Keeps what belongs to an execution beside its coerced variables, which graphql-js makes anew for each. An executor that would
 * share them between executions gets a new one whenever operation or context change.
 */
export function createExecutions(
  begin: (info: GraphQLResolveInfo, contextValue: unknown) => Pick<Execution, 'selected' | 'answers' | 'trialAnswers'>,
): Executions {
  const executions = new WeakMap<object, Execution>();
  return (info, contextValue) => {
    const known = executions.get(info.variableValues);
    if (known && known.operation === info.operation && known.contextValue === contextValue) return known;
    const execution = {
      contextValue,
      operation: info.operation,
      ...begin(info, contextValue),
      errors: new Map<string, GraphQLError>(),
      told: new WeakMap<object, GraphQLError>(),
      toldPositions: 0,
      heard: new Set<string>(),
    };
    executions.set(info.variableValues, execution);
    return execution;
  };
}

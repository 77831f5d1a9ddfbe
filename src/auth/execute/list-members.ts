import { mayWait, readItems, type ResultStep } from '../guard/results.ts';
import { isThenable } from './promises/foreign-promise.ts';
import type { ReturnPlan } from './prepare/query-plan.ts';
import type { FieldPosition } from './run.ts';

/** The items of a list without promises. */
export class Members {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/**
 * Applies the guard's step to the result of a field that the caller may read. The step wraps the items of lists, so
 * that no rejection of an item is dropped. An array without promises needs no wrapping, because the executor handles
 * these rejections itself.
 */
export function directResult(
  step: ResultStep,
  returns: ReturnPlan,
  context: unknown,
  position: FieldPosition,
  result: unknown,
): unknown {
  // The guard waits for a promise in the same way.
  if (isThenable(result)) {
    return Promise.resolve(result).then((value) => settledResult(step, returns, context, position, value));
  }
  return settledResult(step, returns, context, position, result);
}

function settledResult(
  step: ResultStep,
  returns: ReturnPlan,
  context: unknown,
  position: FieldPosition,
  value: unknown,
): unknown {
  // The step of a single value only decides rules. All of them allow the caller.
  if (returns.item === null) return value;
  if (!Array.isArray(value) || returns.item.item !== null) return step(value, context, position.info);
  const items = readItems(value);
  return mayWait(items) ? step(items, context, position.info) : new Members(items);
}

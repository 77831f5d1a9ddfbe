import { mayWait, readItems, type ResultStep } from '../guard/results.ts';
import { isThenable } from './promises/foreign-promise.ts';
import type { FieldPosition } from './run.ts';

/** The items of a list without promises. */
export class Members {
  readonly items: readonly unknown[];
  /** The step of the guard, which the items have not gone through. */
  readonly step: ResultStep;

  constructor(items: readonly unknown[], step: ResultStep) {
    this.items = items;
    this.step = step;
  }
}

/**
 * Applies the guard's step to the result of a field that the caller may read. The step wraps the items of lists, so
 * that no rejection of an item is dropped. An array without promises needs no wrapping, because the executor handles
 * these rejections itself.
 */
export function directResult(step: ResultStep, position: FieldPosition, result: unknown): unknown {
  // The guard waits for a promise in the same way.
  if (isThenable(result)) return Promise.resolve(result).then((value) => settledResult(step, position, value));
  return settledResult(step, position, result);
}

function settledResult(step: ResultStep, position: FieldPosition, value: unknown): unknown {
  const { run, field } = position;
  const { item } = field.returns;
  if (!run.allowsValues(field)) return step(value, run.context, position.info);
  // The step of a single value only decides rules. All of them allow the caller.
  if (item === null) return value;
  if (!Array.isArray(value) || item.item !== null) return step(value, run.context, position.info);
  const items = readItems(value);
  return mayWait(items) ? step(items, run.context, position.info) : new Members(items, step);
}

/** Returns an item of `Members` as the guard gives it to graphql-js, which then decides the rules of the item. */
export function guardedMember({ step }: Members, position: FieldPosition, item: unknown): unknown {
  const [guarded] = step([item], position.run.context, position.info) as readonly unknown[]; // The step of a list.
  return guarded;
}

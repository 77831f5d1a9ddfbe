import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { handleRejection } from '../../protocol/notify.ts';
import { completeLeaf, nullError } from './complete-leaf.ts';
import { completeAbstract, completeObject, type ExecuteObject } from './complete-object.ts';
import { type Completed, isPending, isThenable, type Pending, rescued, textOf, thenComplete } from './completed.ts';
import type { Path } from './errors.ts';
import { Members } from './list-members.ts';
import type { ReturnPlan } from './prepare/query-plan.ts';
import type { FieldPosition, Run } from './run.ts';

/** Completes a value of any type. The value is not a promise. */
export function completeValue(
  run: Run,
  returns: ReturnPlan,
  position: FieldPosition,
  path: Path,
  value: unknown,
  key: string | number,
  executeObject: ExecuteObject,
): Completed {
  const { kind } = returns;
  if (kind === 'leaf') return completeLeaf(run, position.field, returns, value, key);
  if (value === null || value === undefined) {
    if (returns.isNonNull) throw nullError(position.field);
    return null;
  }
  if (value instanceof Error) throw value;
  if (kind === 'object') {
    return completeObject(run, position, path, returns.type as GraphQLObjectType, value, executeObject);
  }
  if (returns.item !== null) return completeList(run, returns.item, position, path, value, executeObject);
  return completeAbstract(run, position, path, returns.type as GraphQLAbstractType, value, executeObject);
}

/** Completes a list. The result is a text, unless an item is a promise. */
function completeList(
  run: Run,
  item: ReturnPlan,
  position: FieldPosition,
  path: Path,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const isPlain = value instanceof Members;
  const items = isPlain ? value.items : value;
  if (!isIterableObject(items)) {
    const { parentType, name } = position.field;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${name}".`);
  }
  // The text of the items in front of the first promise. `completed` has this text, this promise and all further items.
  let text = '';
  let completed: Completed[] | null = null;
  let index = 0;
  for (const member of items) {
    const itemPath: Path = { prev: path, key: index, typename: undefined };
    let done: Completed;
    try {
      done =
        !isPlain && isThenable(member)
          ? completePromise(run, item, position, itemPath, member, executeObject)
          : completeValue(run, item, position, itemPath, member, index, executeObject);
      if (isPending(done)) {
        completed ??= index === 0 ? [] : [text];
        done = pendingItem(run, item, position, itemPath, done, isPlain);
      }
    } catch (error) {
      done = failItem(run, item, position, itemPath, error);
    }
    if (completed !== null) completed.push(done);
    else if (index === 0) text = textOf(done);
    else text += `,${textOf(done)}`;
    index += 1;
  }
  // oxlint-disable-next-line typescript/await-thenable -- some of the items are promises
  return completed === null ? `[${text}]` : Promise.all<unknown>(completed);
}

/** Completes an item that is a promise. */
function completePromise(
  run: Run,
  item: ReturnPlan,
  position: FieldPosition,
  path: Path,
  promise: PromiseLike<unknown>,
  executeObject: ExecuteObject,
): Completed {
  const { key } = path;
  return thenComplete(
    promise,
    (found) => completeValue(run, item, position, path, found, key, executeObject),
    (raw) => run.late.write(raw, key),
  );
}

/** Adds the handling of errors to an item that is not completed yet. */
function pendingItem(
  run: Run,
  item: ReturnPlan,
  position: FieldPosition,
  path: Path,
  pending: Pending,
  isPlain: boolean,
): PromiseLike<unknown> {
  const fail = (error: unknown): null => failItem(run, item, position, path, error);
  if (!isPlain) return pending.then(undefined, fail);
  const rescuedItem = rescued(pending, fail);
  handleRejection(rescuedItem); // If a later item fails at once, the list drops this item.
  return rescuedItem;
}

/** Reports an error at an item of a list, or throws it for the list. */
function failItem(run: Run, item: ReturnPlan, { field }: FieldPosition, path: Path, thrown: unknown): null {
  const error = locatedError(thrown, run.nodesOf(field), responsePathAsArray(path));
  if (item.isNonNull) throw error;
  run.addError(error, path);
  return null;
}

function isIterableObject(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

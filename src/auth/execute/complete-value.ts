import { type GraphQLAbstractType, GraphQLError, type GraphQLObjectType } from 'graphql';
import { ListItem } from '../guard/list-item.ts';
import { completeLeaf, nullError } from './complete-leaf.ts';
import { completeAbstract, completeObject, type ExecuteObject } from './complete-object.ts';
import { type Completed, isNative, thenComplete } from './promises/completed.ts';
import type { Path } from './errors.ts';
import { failAt, type Position } from './fail.ts';
import { ForeignPromise, isThenable } from './promises/foreign-promise.ts';
import { guardedMember, Members } from './list-members.ts';
import type { FieldPlan, ReturnPlan } from './prepare/query-plan.ts';
import type { FieldPosition, Run } from './run.ts';
import { Group, Promised } from './promises/unsettled.ts';

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

/**
 * Completes the value of a promise.
 *
 * @param at - the position of the value: of the field, or of an item of its list
 */
export function completePromise(
  run: Run,
  returns: ReturnPlan,
  position: FieldPosition,
  at: Position,
  promise: PromiseLike<unknown>,
  executeObject: ExecuteObject,
): Completed | Promised {
  if (isNative(promise)) return completeNative(run, returns, position, at, promise, executeObject);
  const { path } = at;
  const complete = (value: unknown): Completed =>
    completeValue(run, returns, position, path, value, path.key, executeObject);
  if (promise instanceof ListItem && promise.isOwn()) {
    const value = promise.take();
    if (!isThenable(value)) return complete(value);
    return completeNative(run, returns, position, at, value as Promise<unknown>, executeObject);
  }
  return thenComplete(promise, complete, (raw) => run.late.write(raw, path.key));
}

/** Completes the value of a native promise. This is a function of its own, because it is fast with few closures. */
function completeNative(
  run: Run,
  returns: ReturnPlan,
  position: FieldPosition,
  at: Position,
  promise: Promise<unknown>,
  executeObject: ExecuteObject,
): Promised {
  const promised = new Promised(run, at);
  promise.then(
    (value) => {
      const { path } = at;
      try {
        const completed = completeValue(run, returns, position, path, value, path.key, executeObject);
        if (typeof completed === 'string') promised.arrive(completed);
        else if (completed === null) promised.arrive('null');
        else if (completed instanceof Group) promised.become(completed);
        else promised.follow(completed);
      } catch (error) {
        promised.fail(error);
      }
    },
    (error: unknown) => promised.fail(error),
  );
  return promised;
}

/** Adds the handling of errors to a value that is not settled. */
export function withPosition(run: Run, at: Position, value: Exclude<Completed, string | null>): Completed {
  if (value instanceof ForeignPromise) return value.rescued((error) => failAt(run, at, error));
  value.locate(at, 1);
  return value;
}

/** Completes a list. The result is a text, unless an item is not settled. */
function completeList(
  run: Run,
  item: ReturnPlan,
  position: FieldPosition,
  path: Path,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const { field } = position;
  const members = value instanceof Members ? value : null;
  const isPlain = members !== null;
  const items = isPlain ? members.items : value;
  if (!isIterableObject(items)) {
    const { parentType, name } = field;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${name}".`);
  }
  let text = '[';
  let group: Group | null = null;
  let index = 0;
  for (const member of items) {
    if (index > 0) text += ',';
    const itemPath: Path = { prev: path, key: index, typename: undefined };
    let done: Completed | Promised;
    let isSettled = true;
    try {
      const isAllowed = members !== null && run.allowsValues(field);
      const given = members === null || isAllowed ? member : guardedMember(members, position, member);
      done =
        !isAllowed && isThenable(given)
          ? completePromise(run, item, position, itemPosition(field, item, itemPath), given, executeObject)
          : completeValue(run, item, position, itemPath, given, index, executeObject);
      if (typeof done === 'object' && done !== null) {
        if (!(done instanceof Promised)) done = pendingItem(run, itemPosition(field, item, itemPath), done, isPlain);
        isSettled = false;
      }
    } catch (error) {
      done = failAt(run, itemPosition(field, item, itemPath), error);
    }
    if (!isSettled) {
      (group ??= new Group(run, 'list')).add(text, done ?? 'null');
      text = '';
    } else text += (done as string | null) ?? 'null';
    index += 1;
  }
  text += ']';
  return group === null ? text : group.close(text);
}

function itemPosition(field: FieldPlan, { isNonNull }: ReturnPlan, path: Path): Position {
  return { field, isNonNull, path };
}

/** Adds the handling of errors to an item that is not settled. */
function pendingItem(run: Run, at: Position, value: Exclude<Completed, string | null>, isPlain: boolean): Completed {
  if (value instanceof Group) return withPosition(run, at, value);
  const fail = (error: unknown): null => failAt(run, at, error);
  const item = isPlain ? value.rescuedNatively(fail) : value.rescued(fail);
  // If a later item fails at once, the list drops this item.
  if (item instanceof ForeignPromise) item.handleRejection();
  return item;
}

function isIterableObject(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

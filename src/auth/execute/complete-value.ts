import {
  defaultTypeResolver,
  GraphQLError,
  type GraphQLAbstractType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { handleRejection } from '../../protocol/notify.ts';
import { type Completed, ForeignPromise, isPending, isThenable, rescued, thenComplete } from './completed.ts';
import type { Path } from './errors.ts';
import { inspect } from './inspect.ts';
import { Members } from './list-members.ts';
import type { FieldPlan, ReturnPlan } from './prepare/query-plan.ts';
import type { Place, Run } from './run.ts';
import { runtimeTypeOf } from './runtime-type.ts';

/** Executes the selected fields of an object. */
export type ExecuteObject = (
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  source: unknown,
  path: Path,
) => Completed;

/** Completes a value of a scalar or enum, nullable or not. The value is not a promise. */
export function completeLeaf(
  run: Run,
  field: FieldPlan,
  { kind, type, of, scalar }: ReturnPlan,
  value: unknown,
  key: string | number,
): Completed {
  if (kind === 'nonNull') {
    const completed = of && completeLeaf(run, field, of, value, key);
    if (completed === null) throw nullError(field);
    return completed;
  }
  if (value === null || value === undefined) return null;
  const leaf = type as GraphQLLeafType;
  const text = scalar !== null && leaf.serialize === scalar.serialize ? scalar.write(value) : null;
  if (text !== null) return text;
  if (value instanceof Error) throw value;
  const serialized: unknown = leaf.serialize(value);
  if (serialized === null || serialized === undefined) {
    throw new Error(
      `Expected \`${inspect(leaf)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
  // graphql-js waits for a promise that `serialize` returned, and does not check its value.
  if (isThenable(serialized)) return new ForeignPromise(serialized, (late) => run.late.write(late, key));
  return run.late.write(serialized, key);
}

/** Completes a value of any type. */
export function completeValue(
  run: Run,
  returns: ReturnPlan,
  place: Place,
  path: Path,
  value: unknown,
  key: string | number,
  executeObject: ExecuteObject,
): Completed {
  if (value instanceof Error) throw value;
  if (returns.kind === 'nonNull' && returns.of) {
    const completed = completeValue(run, returns.of, place, path, value, key, executeObject);
    if (completed === null) throw nullError(place.field);
    return completed;
  }
  if (value === null || value === undefined) return null;
  if (returns.kind === 'list' && returns.of) {
    return completeList(run, returns.of, place, path, value, executeObject);
  }
  if (returns.kind === 'leaf') return completeLeaf(run, place.field, returns, value, key);
  if (returns.kind === 'object') {
    return completeObject(run, place, path, returns.type as GraphQLObjectType, value, executeObject);
  }
  return completeAbstract(run, place, path, returns.type as GraphQLAbstractType, value, executeObject);
}

function nullError({ parentType, name }: FieldPlan): Error {
  return new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`);
}

function completeList(
  run: Run,
  item: ReturnPlan,
  place: Place,
  path: Path,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const isPlain = value instanceof Members;
  const items = isPlain ? value.items : value;
  if (!isIterableObject(items)) {
    const { parentType, name } = place.field;
    throw new GraphQLError(`Expected Iterable, but did not find one for field "${parentType.name}.${name}".`);
  }
  const completed: Completed[] = [];
  let hasPromise = false;
  let index = 0;
  for (const member of items) {
    const itemPath: Path = { prev: path, key: index, typename: undefined };
    const fail = (error: unknown): null => failItem(run, item, place, itemPath, error);
    try {
      const key = index;
      const complete = (found: unknown): Completed =>
        completeValue(run, item, place, itemPath, found, key, executeObject);
      const done =
        !isPlain && isThenable(member)
          ? thenComplete(member, complete, (raw) => run.late.write(raw, key))
          : complete(member);
      if (!isPending(done)) {
        completed.push(done);
      } else {
        hasPromise = true;
        completed.push(isPlain ? handled(rescued(done, fail)) : done.then(undefined, fail));
      }
    } catch (error) {
      completed.push(fail(error));
    }
    index += 1;
  }
  // oxlint-disable-next-line typescript/await-thenable -- some of the items are promises
  return hasPromise ? Promise.all<unknown>(completed) : completed;
}

/** Handles the rejection of an item. If a later item fails at once, the list drops the item. */
function handled(item: Promise<unknown>): Promise<unknown> {
  handleRejection(item);
  return item;
}

/** Reports an error at an item of a list, or throws it for the list. */
function failItem(run: Run, item: ReturnPlan, { field }: Place, path: Path, thrown: unknown): null {
  const error = locatedError(thrown, run.nodesOf(field), responsePathAsArray(path));
  if (item.kind === 'nonNull') throw error;
  run.collected.add(error, path);
  return null;
}

function isIterableObject(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function';
}

function completeAbstract(
  run: Run,
  place: Place,
  path: Path,
  type: GraphQLAbstractType,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const go = (name: unknown): Completed =>
    completeObject(run, place, path, runtimeTypeOf(run, place, type, value, name), value, executeObject);
  const name: unknown = resolveType(value, run.context, place.info, type);
  return isThenable(name) ? thenComplete(name, go, (raw) => run.late.write(raw, path.key)) : go(name);
}

function completeObject(
  run: Run,
  place: Place,
  path: Path,
  type: GraphQLObjectType,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  if (!type.isTypeOf) return executeObject(run, place.field, type, value, path);
  const go = (isType: unknown): Completed => {
    if (isType) return executeObject(run, place.field, type, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
      nodes: run.nodesOf(place.field),
    });
  };
  const isType: unknown = type.isTypeOf(value, run.context, place.info);
  return isThenable(isType) ? thenComplete(isType, go, (raw) => run.late.write(raw, path.key)) : go(isType);
}

import {
  defaultFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { type Completed, isPending, isThenable, type Pending, textOf, thenComplete } from './completed.ts';
import { completeLeaf, completeValue, type ExecuteObject } from './complete-value.ts';
import type { Path } from './errors.ts';
import type { FieldPlan, SelectionPlan } from './prepare/query-plan.ts';
import { Place, type Run } from './run.ts';
import { directResult } from './list-members.ts';

/** Executes the selected fields of an object, and returns the JSON text of the object. */
export function executeFields(
  run: Run,
  { fields, isEmpty }: SelectionPlan,
  source: unknown,
  path: Path | undefined,
): Completed {
  let text = '';
  let texts: string[] | null = null;
  const pending: Pending[] = [];
  try {
    for (const field of fields) {
      const value = field.constant ?? executeField(run, field, source, path);
      if (typeof value === 'string') {
        text += field.prefix + value;
      } else if (isPending(value)) {
        (texts ??= []).push(text + field.prefix);
        pending.push(value);
        text = '';
      } else {
        text += field.prefix + textOf(value);
      }
    }
  } catch (error) {
    if (texts === null) throw error;
    // The rejections of the other fields are handled, and the error is thrown when these fields are settled.
    return Promise.all(pending)
      .then(nothing)
      .finally(() => {
        throw error;
      });
  }
  if (isEmpty) return '{}';
  if (texts === null) return `${text}}`;
  const parts = texts;
  const last = `${text}}`;
  return Promise.all(pending).then((values) => {
    let object = '';
    for (const [index, value] of values.entries()) object += (parts[index] ?? '') + textOf(value as Completed);
    return object + last;
  });
}

function nothing(): null {
  return null;
}

const executeObject: ExecuteObject = (run, field, type: GraphQLObjectType, source, path) =>
  executeFields(run, field.selectionOn(type), source, path);

function executeField(run: Run, field: FieldPlan, source: unknown, parent: Path | undefined): Completed {
  const { args, direct, definition, isLeaf } = field;
  let place: Place | undefined;
  try {
    let result: unknown;
    if (direct !== null && run.runsDirectly(field)) {
      if (direct.resolve === defaultFieldResolver) {
        const given = args.isEmpty ? undefined : args.make(run.variables);
        if ((typeof source === 'object' && source !== null) || typeof source === 'function') {
          result = (source as Record<string, unknown>)[field.name];
          if (typeof result === 'function') {
            place = new Place(run, field, parent);
            result = callMethod(source as Methods, given ?? {}, run.context, place.info);
          }
        }
      } else {
        const given = args.make(run.variables);
        place = new Place(run, field, parent);
        result = direct.resolve(source, given, run.context, place.info);
      }
      if (isLeaf && !isThenable(result)) {
        const leaf = completeLeaf(run, field, field.returns, result, field.key);
        if (!isPending(leaf)) return leaf;
        const { path } = (place ??= new Place(run, field, parent));
        return leaf.then(undefined, (error: unknown) => fail(run, field, path, error));
      }
      place ??= new Place(run, field, parent);
      if (direct.step !== null) result = directResult(direct.step, field.returns, run.context, place, result);
    } else {
      const earlier = run.earlierDenial(field);
      if (earlier !== undefined) {
        if (field.returns.kind === 'nonNull') throw earlier;
        return null;
      }
      const given = args.make(run.variables);
      place = new Place(run, field, parent);
      const { info } = place;
      try {
        result = (definition.resolve ?? defaultFieldResolver)(source, given, run.context, info);
      } finally {
        run.noteDenial(field, info);
      }
    }
    const at = place;
    const complete = (value: unknown): Completed =>
      completeValue(run, field.returns, at, at.path, value, field.key, executeObject);
    const completed = isThenable(result)
      ? thenComplete(result, complete, (value) => run.late.write(value, field.key))
      : complete(result);
    if (isPending(completed)) return completed.then(undefined, (error: unknown) => fail(run, field, at.path, error));
    return completed;
  } catch (error) {
    place ??= new Place(run, field, parent);
    return fail(run, field, place.path, error);
  }
}

type Methods = Record<string, (...all: readonly unknown[]) => unknown>;

/** Calls a method of an object, as the default resolver of graphql-js does. */
function callMethod(source: Methods, args: unknown, context: unknown, info: GraphQLResolveInfo): unknown {
  // The names are in the message of V8, if a getter returns no function at this second reading.
  // @ts-expect-error -- the member can be absent
  return source[info.fieldName](args, context, info);
}

/** Reports an error at a field, or throws it for the object above. */
function fail(run: Run, field: FieldPlan, path: Path, thrown: unknown): null {
  const error = locatedError(thrown, run.nodesOf(field), responsePathAsArray(path));
  if (field.returns.kind === 'nonNull') throw error;
  run.collected.add(error, path);
  return null;
}

import {
  defaultFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { type Completed, isPending, isThenable, type Pending, textOf, thenComplete } from './completed.ts';
import type { ExecuteObject } from './complete-object.ts';
import { completeValue } from './complete-value.ts';
import type { Path } from './errors.ts';
import { writeForm } from './json-text.ts';
import type { BuiltInScalar, FieldPlan, SelectionPlan } from './prepare/query-plan.ts';
import { FieldPosition, type Run } from './run.ts';
import { directResult } from './list-members.ts';

/** Executes the selected fields of an object, and returns the JSON text of the object. */
export function executeFields(
  run: Run,
  { fields, isEmpty }: SelectionPlan,
  source: unknown,
  path: Path | undefined,
): Completed {
  let text = '';
  let waiting: Waiting | null = null;
  try {
    for (const field of fields) {
      const { property } = field;
      const value =
        field.constant ??
        (property !== null && run.runsDirectly(field)
          ? executeProperty(run, field, property, source, path)
          : executeField(run, field, source, path));
      if (typeof value === 'string') {
        text += field.prefix + value;
      } else if (isPending(value)) {
        waiting ??= { texts: [], pending: [] };
        waiting.texts.push(text + field.prefix);
        waiting.pending.push(value);
        text = '';
      } else {
        text += field.prefix + textOf(value);
      }
    }
  } catch (error) {
    if (waiting === null) throw error;
    return failWhenSettled(waiting, error);
  }
  if (waiting !== null) return joinWhenSettled(waiting, `${text}}`);
  return isEmpty ? '{}' : `${text}}`;
}

/** The fields of an object that are promises. */
interface Waiting {
  /** The text in front of each promise. */
  readonly texts: string[];
  readonly pending: Pending[];
}

function joinWhenSettled({ texts, pending }: Waiting, last: string): Pending {
  return Promise.all(pending).then((values) => {
    let object = '';
    for (const [index, value] of values.entries()) object += (texts[index] ?? '') + textOf(value as Completed);
    return object + last;
  });
}

/** Throws an error when the other fields are settled. Their rejections are handled. */
function failWhenSettled({ pending }: Waiting, error: unknown): Pending {
  return Promise.all(pending)
    .then(nothing)
    .finally(() => {
      throw error;
    });
}

function nothing(): null {
  return null;
}

const executeObject: ExecuteObject = (run, field, type: GraphQLObjectType, source, path) =>
  executeFields(run, field.selectionOn(type), source, path);

/** Reads a property, and completes it as a built-in scalar. */
function executeProperty(
  run: Run,
  field: FieldPlan,
  { serialize, type, form }: BuiltInScalar,
  source: unknown,
  parent: Path | undefined,
): Completed {
  let value: unknown;
  try {
    if ((typeof source === 'object' && source !== null) || typeof source === 'function') {
      value = (source as Record<string, unknown>)[field.name];
    }
  } catch (error) {
    return fail(run, field, new FieldPosition(run, field, parent).path, error);
  }
  if (type.serialize === serialize) {
    const text = writeForm(form, value);
    if (text !== null) return text;
  }
  return completeProperty(run, field, source, parent, value);
}

/** Completes a property whose value is not the usual one. */
function completeProperty(
  run: Run,
  field: FieldPlan,
  source: unknown,
  parent: Path | undefined,
  value: unknown,
): Completed {
  const position = new FieldPosition(run, field, parent);
  try {
    const result =
      typeof value === 'function'
        ? callMethod(source as Methods, field.args.make(run.variables), run.context, position.info)
        : value;
    return completeResult(run, field, position, result);
  } catch (error) {
    return fail(run, field, position.path, error);
  }
}

function executeField(run: Run, field: FieldPlan, source: unknown, parent: Path | undefined): Completed {
  const { args, direct, definition } = field;
  const position = new FieldPosition(run, field, parent);
  try {
    let result: unknown;
    if (direct !== null && run.runsDirectly(field)) {
      const given = args.make(run.variables);
      if (direct.resolve !== defaultFieldResolver) {
        // A resolver whose author opted out receives no `info`.
        result = field.passesInfo
          ? direct.resolve(source, given, run.context, position.info)
          : (direct.resolve as unknown as ResolverWithoutInfo)(source, given, run.context);
      } else if ((typeof source === 'object' && source !== null) || typeof source === 'function') {
        result = (source as Record<string, unknown>)[field.name];
        if (typeof result === 'function') result = callMethod(source as Methods, given, run.context, position.info);
      }
      if (direct.step !== null) result = directResult(direct.step, field.returns, run.context, position, result);
    } else {
      const earlier = run.earlierDenial(field);
      if (earlier !== undefined) {
        if (field.returns.isNonNull) throw earlier;
        return null;
      }
      const given = args.make(run.variables);
      const { info } = position;
      try {
        result = (definition.resolve ?? defaultFieldResolver)(source, given, run.context, info);
      } finally {
        run.noteDenial(field, info);
      }
    }
    return completeResult(run, field, position, result);
  } catch (error) {
    return fail(run, field, position.path, error);
  }
}

/** Completes the result of a resolver. It throws the errors at the position of the field. */
function completeResult(run: Run, field: FieldPlan, position: FieldPosition, result: unknown): Completed {
  const completed = isThenable(result)
    ? completePromise(run, field, position, result)
    : completeValue(run, field.returns, position, position.path, result, field.key, executeObject);
  return isPending(completed) ? pendingField(run, field, position, completed) : completed;
}

function completePromise(
  run: Run,
  field: FieldPlan,
  position: FieldPosition,
  promise: PromiseLike<unknown>,
): Completed {
  return thenComplete(
    promise,
    (value) => completeValue(run, field.returns, position, position.path, value, field.key, executeObject),
    (raw) => run.late.write(raw, field.key),
  );
}

/** Adds the handling of errors to a field that is not completed yet. */
function pendingField(run: Run, field: FieldPlan, { path }: FieldPosition, pending: Pending): Pending {
  return pending.then(undefined, (error: unknown) => fail(run, field, path, error));
}

/** A resolver whose author opted out of `info` with `withoutInfo`. */
type ResolverWithoutInfo = (source: unknown, args: unknown, context: unknown) => unknown;

type Methods = Record<string, (...all: readonly unknown[]) => unknown>;

/** Calls a method of an object, as the default resolver of graphql-js does. */
function callMethod(source: Methods, args: unknown, context: unknown, info: GraphQLResolveInfo): unknown {
  // The names are in the message of V8, if a getter does not return a function at this second reading.
  // @ts-expect-error -- the member can be absent
  return source[info.fieldName](args, context, info);
}

/** Reports an error at a field, or throws it for the object above. */
function fail(run: Run, field: FieldPlan, path: Path, thrown: unknown): null {
  const error = locatedError(thrown, run.nodesOf(field), responsePathAsArray(path));
  if (field.returns.isNonNull) throw error;
  run.addError(error, path);
  return null;
}

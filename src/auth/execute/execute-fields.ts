import { defaultFieldResolver, type GraphQLObjectType, type GraphQLResolveInfo } from 'graphql';
import type { Steps } from './compile/compile.ts';
import type { HotSelection } from './compile/hot-selection.ts';
import type { Completed } from './promises/completed.ts';
import type { ExecuteObject } from './complete-object.ts';
import { completePromise, completeValue, withPosition } from './complete-value.ts';
import type { Path } from './errors.ts';
import { failAt } from './fail.ts';
import { isThenable } from './promises/foreign-promise.ts';
import { needsNoEscape, writeForm } from './json-text.ts';
import type { BuiltInScalar, FieldPlan, SelectionPlan } from './prepare/query-plan.ts';
import { readProperty, Unreadable } from './read-property.ts';
import { bitOf, FieldPosition, type Run } from './run.ts';
import { directResult } from './list-members.ts';
import { Group, Promised } from './promises/unsettled.ts';

/** Executes the selected fields of an object, and returns the JSON text of the object. */
export function executeFields(
  run: Run,
  selection: SelectionPlan,
  source: unknown,
  path: Path | undefined,
): string | Group {
  if (typeof source === 'object' && source !== null) {
    const hot = selection.hot as HotSelection;
    const execute = hot.compiled ?? hot.count(selection, steps);
    if (execute !== null) return execute(run, source, path);
  }
  return executeFrom(run, selection, source, path, 0, '', null);
}

/**
 * Executes the fields of a selection from an index on.
 *
 * @param before - the text of the fields before
 * @param members - the fields before, if one of them is not settled
 */
function executeFrom(
  run: Run,
  { fields }: SelectionPlan,
  source: unknown,
  path: Path | undefined,
  from: number,
  before: string,
  members: Group | null,
): string | Group {
  let text = before;
  /** Whether the quote behind the last value is not in `text` yet. It is joined with the next prefix. */
  let lacksQuote = false;
  let group = members;
  try {
    for (let index = from; index < fields.length; index += 1) {
      const field = fields[index] as FieldPlan;
      const { property, constant } = field;
      let value: Completed | Promised;
      if (constant !== null) {
        value = constant;
      } else if (property !== null && run.runsDirectly(field)) {
        const found = readProperty(source, field.name);
        if (isWrittenAsIs(property, found)) {
          text += lacksQuote ? field.prefixes.quoteAndQuoted : field.prefixes.quoted;
          text += found;
          lacksQuote = true;
          continue;
        }
        value = executeProperty(run, field, property, source, path, found);
      } else {
        value = executeField(run, field, source, path);
      }
      text += lacksQuote ? field.prefixes.quote : field.prefixes.plain;
      lacksQuote = false;
      if (typeof value === 'string') text += value;
      else if (value === null) text += 'null';
      else {
        (group ??= new Group(run, 'object')).add(text, value);
        text = '';
      }
    }
  } catch (error) {
    if (group === null) throw error;
    return group.closeWith(error);
  }
  if (fields.length === 0) return '{}';
  text += lacksQuote ? '"}' : '}';
  return group === null ? text : group.close(text);
}

const executeObject: ExecuteObject = (run, field, type: GraphQLObjectType, source, path) =>
  executeFields(run, field.selectionOn(type), source, path);

const steps: Steps = {
  executeField,
  executeProperty,
  executeFrom,
  groupOf(run, before, value) {
    const group = new Group(run, 'object');
    group.add(before, value);
    return group;
  },
  needsNoEscape,
  Unreadable,
  bitOf,
};

/** Whether the text of a value is the value between quotes. */
function isWrittenAsIs({ type, serialize, form }: BuiltInScalar, value: unknown): value is string {
  return typeof value === 'string' && form === 'text' && type.serialize === serialize && needsNoEscape(value);
}

/** Completes a property as a built-in scalar. */
function executeProperty(
  run: Run,
  field: FieldPlan,
  { serialize, type, form }: BuiltInScalar,
  source: unknown,
  parent: Path | undefined,
  value: unknown,
): Completed | Promised {
  if (Unreadable.is(value)) return failAt(run, new FieldPosition(run, field, parent), value.error);
  if (type.serialize === serialize) {
    const text = writeForm(form, value);
    if (text !== null) return text;
  }
  if ((value === null || value === undefined) && !field.returns.isNonNull) return null;
  return completeProperty(run, field, source, parent, value);
}

/** Completes a property whose value is not the usual one. */
function completeProperty(
  run: Run,
  field: FieldPlan,
  source: unknown,
  parent: Path | undefined,
  value: unknown,
): Completed | Promised {
  const position = new FieldPosition(run, field, parent);
  try {
    const result =
      typeof value === 'function'
        ? callMethod(source as Methods, field.args.make(run.variables), run.context, position.info)
        : value;
    return completeResult(run, field, position, result);
  } catch (error) {
    return failAt(run, position, error);
  }
}

function executeField(run: Run, field: FieldPlan, source: unknown, parent: Path | undefined): Completed | Promised {
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
      if (direct.step !== null) result = directResult(direct.step, position, result);
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
    return failAt(run, position, error);
  }
}

/** Completes the result of a resolver. It throws the errors at the position of the field. */
function completeResult(run: Run, field: FieldPlan, position: FieldPosition, result: unknown): Completed | Promised {
  const completed = isThenable(result)
    ? completePromise(run, field.returns, position, position, result, executeObject)
    : completeValue(run, field.returns, position, position.path, result, field.key, executeObject);
  if (typeof completed === 'string' || completed === null || completed instanceof Promised) return completed;
  return withPosition(run, position, completed);
}

/** A resolver whose author opted out of `info` with `withoutInfo`. */
type ResolverWithoutInfo = (source: unknown, args: unknown, context: unknown) => unknown;

type Methods = Record<string, (...all: readonly unknown[]) => unknown>;

/** Calls a method of an object, as the default resolver of graphql-js does. */
function callMethod(source: Methods, args: unknown, context: unknown, info: GraphQLResolveInfo): unknown {
  // The names are in the message of V8, if a getter does not return a function at this second reading.
  return (source[info.fieldName] as Methods[string])(args, context, info);
}

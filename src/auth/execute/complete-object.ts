import { defaultTypeResolver, type GraphQLAbstractType, GraphQLError, type GraphQLObjectType } from 'graphql';
import { type Completed, thenComplete } from './promises/completed.ts';
import type { Path } from './errors.ts';
import { isThenable } from './promises/foreign-promise.ts';
import { inspect } from './inspect.ts';
import type { FieldPlan } from './prepare/query-plan.ts';
import type { FieldPosition, Run } from './run.ts';
import { runtimeTypeOf } from './runtime-type.ts';

/** Executes the selected fields of an object. */
export type ExecuteObject = (
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  source: unknown,
  path: Path,
) => Completed;

/** Completes a value of an interface or union. */
export function completeAbstract(
  run: Run,
  position: FieldPosition,
  path: Path,
  type: GraphQLAbstractType,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const go = (name: unknown): Completed =>
    completeObject(run, position, path, runtimeTypeOf(run, position, type, value, name), value, executeObject);
  const name: unknown = resolveType(value, run.context, position.info, type);
  return isThenable(name) ? thenComplete(name, go, (raw) => run.late.write(raw, path.key)) : go(name);
}

/** Completes a value of an object type. */
export function completeObject(
  run: Run,
  position: FieldPosition,
  path: Path,
  type: GraphQLObjectType,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  // A function without closures is fast for the types without `isTypeOf`.
  if (!type.isTypeOf) return executeObject(run, position.field, type, value, path);
  return completeChecked(run, position, path, type, value, executeObject);
}

function completeChecked(
  run: Run,
  position: FieldPosition,
  path: Path,
  type: GraphQLObjectType,
  value: unknown,
  executeObject: ExecuteObject,
): Completed {
  const go = (isType: unknown): Completed => {
    if (isType) return executeObject(run, position.field, type, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
      nodes: run.nodesOf(position.field),
    });
  };
  const isType: unknown = type.isTypeOf?.(value, run.context, position.info);
  return isThenable(isType) ? thenComplete(isType, go, (raw) => run.late.write(raw, path.key)) : go(isType);
}

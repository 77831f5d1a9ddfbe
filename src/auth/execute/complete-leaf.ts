import type { GraphQLLeafType } from 'graphql';
import type { Completed } from './promises/completed.ts';
import { ForeignPromise, isThenable } from './promises/foreign-promise.ts';
import { inspect } from './inspect.ts';
import { writeForm } from './json-text.ts';
import type { FieldPlan, ReturnPlan } from './prepare/query-plan.ts';
import type { Run } from './run.ts';

/** Completes a value of a scalar or enum, nullable or not. The value is not a promise. */
export function completeLeaf(
  run: Run,
  field: FieldPlan,
  { type, isNonNull, scalar }: ReturnPlan,
  value: unknown,
  key: string | number,
): Completed {
  if (value === null || value === undefined) {
    if (isNonNull) throw nullError(field);
    return null;
  }
  const leaf = type as GraphQLLeafType;
  if (scalar !== null && leaf.serialize === scalar.serialize) {
    const text = writeForm(scalar.form, value);
    if (text !== null) return text;
  }
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

/** Makes the error of graphql-js for null at a position that cannot be null. */
export function nullError({ parentType, name }: FieldPlan): Error {
  return new Error(`Cannot return null for non-nullable field ${parentType.name}.${name}.`);
}

import { locatedError, responsePathAsArray } from 'graphql';
import type { Path } from './errors.ts';
import type { FieldPlan } from './prepare/query-plan.ts';
import type { Run } from './run.ts';

/** The position of a value in the response: of a field, or of an item of its list. */
export interface Position {
  readonly field: FieldPlan;
  readonly isNonNull: boolean;
  readonly path: Path;
}

/**
 * Reports an error at a position, which becomes null.
 *
 * @throws the error, with its location in the document, if the position cannot be null
 */
export function failAt(run: Run, { field, isNonNull, path }: Position, thrown: unknown): null {
  const error = locatedError(thrown, run.nodesOf(field), responsePathAsArray(path));
  if (isNonNull) throw error;
  run.addError(error, path);
  return null;
}

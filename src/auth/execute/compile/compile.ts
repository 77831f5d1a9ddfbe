import type { Path } from '../errors.ts';
import type { Completed } from '../promises/completed.ts';
import type { Group, Promised } from '../promises/unsettled.ts';
import type { BuiltInScalar, FieldPlan, SelectionPlan } from '../prepare/query-plan.ts';
import type { Unreadable } from '../read-property.ts';
import type { Run } from '../run.ts';
import { codeOf } from './code.ts';

/** Executes the selected fields of an object, and returns the JSON text of the object. */
export type ExecuteSelection = (run: Run, source: object, path: Path | undefined) => string | Group;

/** The functions of the executor that the code calls. */
export interface Steps {
  readonly executeField: (run: Run, field: FieldPlan, source: unknown, path: Path | undefined) => Completed | Promised;
  /** @param value - what was read from the property, or an `Unreadable` */
  readonly executeProperty: (
    run: Run,
    field: FieldPlan,
    property: BuiltInScalar,
    source: unknown,
    path: Path | undefined,
    value: unknown,
  ) => Completed | Promised;
  /** Executes the fields from an index on. The text and the group are of the fields before. */
  readonly executeFrom: (
    run: Run,
    selection: SelectionPlan,
    source: unknown,
    path: Path | undefined,
    from: number,
    before: string,
    members: Group | null,
  ) => string | Group;
  /** Returns the group of an object that has a field that is not settled. @param before - the text in front of it */
  readonly groupOf: (run: Run, before: string, value: Exclude<Completed | Promised, string | null>) => Group;
  readonly needsNoEscape: (text: string) => boolean;
  readonly Unreadable: typeof Unreadable;
  readonly bitOf: (index: number) => number;
}

let compiled = 0;

/**
 * Makes the function of one selection. It does what `executeFields` does for any selection.
 *
 * @throws {EvalError} if the environment forbids code from strings
 */
export function compileSelection(selection: SelectionPlan, steps: Steps): ExecuteSelection {
  // V8 stores what it learns of the objects by the text of the code. So each function has a text of its own.
  compiled += 1;
  const code = `// ${compiled}\n${codeOf(selection.fields)}`;
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- the code has no text of a caller
  const make = new Function('selection', 'steps', code) as (...values: [SelectionPlan, Steps]) => ExecuteSelection;
  return make(selection, steps);
}

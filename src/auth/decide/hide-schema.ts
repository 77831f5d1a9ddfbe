import type { Variables } from '../plan/conditions.ts';
import type { Denial } from './denial.ts';
import { includedFields } from '../plan/included-fields.ts';
import type { Plan, Selections } from '../plan/plan.ts';
import type { Refusal } from './verdict.ts';

/**
 * Rewrites a denial for a caller from which the schema is hidden. The new denial has the path of the selection instead
 * of the type and field.
 *
 * @param selection - response keys from the root, without list indices
 */
export function withoutCoordinate(denial: Denial, selection: readonly string[]): Denial {
  const { coordinate: _, ...rest } = denial;
  return { ...rest, selection };
}

/** Rewrites a refusal for a caller from which the schema is hidden. */
export function hideSchema(refusal: Refusal, { root }: Plan, variables: Variables): Refusal {
  const [first, ...others] = refusal.denials;
  const selections = firstSelections(root, variables, new Set(refusal.denials.map(({ coordinate }) => coordinate)));
  const hide = (denial: Denial): Denial => withoutCoordinate(denial, selections.get(denial.coordinate) ?? []);
  return { ...refusal, denials: [hide(first), ...others.map(hide)] };
}

/** Finds where an operation first selects each of these coordinates. */
function firstSelections(
  root: Selections,
  variables: Variables,
  wanted: ReadonlySet<string | undefined>,
): ReadonlyMap<string | undefined, readonly string[]> {
  const found = new Map<string | undefined, readonly string[]>();
  const paths = new Map<Selections, readonly string[]>([[root, []]]);
  for (const [selections, path] of paths) {
    for (const field of includedFields([selections], variables)) {
      const at = [...path, field.responseKey];
      if (wanted.has(field.coordinate) && !found.has(field.coordinate)) found.set(field.coordinate, at);
      if (field.selections && !paths.has(field.selections)) paths.set(field.selections, at);
    }
    if (found.size === wanted.size) break;
  }
  return found;
}

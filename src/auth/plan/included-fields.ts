import { isIncluded, type Variables } from './conditions.ts';
import type { PlannedField, Selections } from './plan.ts';

/**
 * The fields that selection sets hold for these variables, those in their fragments included and none below them. Each
 * selection set is looked at once, however often it is applied.
 */
export function includedFields(selections: Iterable<Selections>, variables: Variables): readonly PlannedField[] {
  const included: PlannedField[] = [];
  const pending = new Set(selections);
  for (const { fields, fragments } of pending) {
    included.push(...fields.filter((field) => isIncluded(field.conditions, variables)));
    for (const { conditions, selections: inside } of fragments) {
      if (isIncluded(conditions, variables)) pending.add(inside);
    }
  }
  return included;
}

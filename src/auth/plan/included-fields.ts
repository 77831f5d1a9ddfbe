import { isIncluded, type Variables } from './conditions.ts';
import type { PlannedField, Selections } from './plan.ts';

/**
 * Returns the fields that selection sets and their fragments include for these variables. The fields below these fields
 * are not returned.
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

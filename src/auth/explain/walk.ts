import { isIncluded } from '../plan/conditions.ts';
import type { OperationVariables } from '../plan/operation-variables.ts';
import type { Plan, PlannedField, Selections } from '../plan/plan.ts';
import type { DecideField, DecidedField } from './decided-field.ts';

/** A selected field of an operation, with the decisions of the elements that it uses. */
export interface WalkedField extends DecidedField {
  readonly field: PlannedField;
  /** The field that has this field in its selections. `null`: the field is a root field. */
  readonly above: WalkedField | null;
  /** Whether the executor can reach the field. It cannot if a field above is denied for every value. */
  readonly isReached: boolean;
}

/** Selections that are not visited yet. */
interface Pending {
  readonly selections: Selections;
  readonly above: WalkedField | null;
  readonly isReached: boolean;
}

/**
 * Yields every field that an operation includes for these variables. Fields that the executor can reach come first. A
 * selection set is visited one time for each parent type, like a plan.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED if inputs with rules are too deep or hold too many values, or if the plan is
 * too large
 */
export function* walk({ root }: Plan, variables: OperationVariables, decideField: DecideField): Iterable<WalkedField> {
  const visited = new Set<Selections>();
  const reached: Pending[] = [{ selections: root, above: null, isReached: true }];
  const others: Pending[] = [];

  function* visit({ selections, above, isReached }: Pending): Iterable<WalkedField> {
    if (visited.has(selections)) return;
    visited.add(selections);
    for (const field of selections.fields) {
      if (!isIncluded(field.conditions, variables.ofConditions)) continue;
      const walked: WalkedField = { ...decideField(field), field, above, isReached };
      yield walked;
      if (!field.selections) continue;
      const isBelowReached = isReached && walked.decision !== 'deny';
      (isBelowReached ? reached : others).push({
        selections: field.selections,
        above: walked,
        isReached: isBelowReached,
      });
    }
    for (const { conditions, selections: inside } of selections.fragments) {
      if (!isIncluded(conditions, variables.ofConditions)) continue;
      (isReached ? reached : others).push({ selections: inside, above, isReached });
    }
  }

  // Both lists grow during the loops.
  for (const pending of reached) yield* visit(pending);
  for (const pending of others) yield* visit(pending);
}

/** Returns the response keys from the root to a field. */
export function pathOf(walked: WalkedField): readonly string[] {
  const path: string[] = [];
  for (let at: WalkedField | null = walked; at; at = at.above) path.push(at.field.responseKey);
  return path.reverse();
}

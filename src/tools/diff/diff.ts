import type { RuleSource } from '../source/rule-source.ts';
import { accessOf } from './access/access.ts';
import { createForms } from './access/forms.ts';
import type { Change } from './change.ts';
import { fieldChanges } from './field-changes.ts';
import { inputChanges } from './input-changes.ts';
import { pairsOf } from './pair.ts';

/** What changed from one schema to another. */
export interface SchemaDiff {
  readonly before: RuleSource;
  readonly after: RuleSource;
  readonly changes: readonly Change[];
  /** The fields with the same rules that some callers may read anew: there are too many alternatives to know it. */
  readonly undecided: readonly string[];
}

/**
 * Finds who gets in anew, and who no longer, if one schema replaces another. It compares what the rules let in, and not
 * their text.
 */
export function diffOf(before: RuleSource, after: RuleSource): SchemaDiff {
  const forms = createForms();
  const directions = pairsOf(accessOf(before, forms), accessOf(after, forms));
  const { changes, undecided } = fieldChanges(directions);
  return { before, after, changes: [...changes, ...inputChanges(directions)], undecided };
}

import { never, type NormalForm } from '../../auth/algebra/form.ts';
import type { Witness } from '../../auth/algebra/witness.ts';
import { formLetsIn, writeRule } from './access/forms.ts';
import type { Change, Verdict } from './change.ts';
import { dependsOf, judgedDifference } from './compare.ts';
import { type Directions, verdictOf } from './field-changes.ts';
import { wordsOf } from './form-text.ts';
import { createInputExample } from './input-example.ts';
import { type Input, inputsOf } from './access/inputs.ts';
import { accessTo, routeOn, type Side } from './pair.ts';

/**
 * Finds what changed for the arguments, input fields and enum values that both schemas have: who may supply them, where
 * the field lets the caller in.
 */
export function inputChanges({ gained, lost }: Directions): readonly Change[] {
  const exampleOf = createInputExample(gained);
  const before = inputsOf(gained.there.access);
  return [...inputsOf(gained.here.access).values()].flatMap((input): readonly Change[] => {
    const old = before.get(input.coordinate);
    if (!old) return [];
    const rule = writeRule(input.form);
    const isEqual = writeRule(old.form) === rule;
    if (isEqual && old.ruleCoordinates === input.ruleCoordinates) return [];
    const isWider = gained.difference(input.form, old.form) !== null;
    const isNarrower = lost.difference(old.form, input.form) !== null;
    const [form, other] = [supplierOf(gained.here, input), supplierOf(gained.there, old)];
    const reader = isWider
      ? judgedDifference(form, other, gained.difference, (witness) => supplies(gained.there, old, witness))
      : null;
    const leaver = isNarrower
      ? judgedDifference(other, form, lost.difference, (witness) => supplies(lost.there, input, witness))
      : null;
    const isReader = reader !== null && reader !== 'unknown';
    const verdict: Verdict = verdictOf(reader, leaver, other) ?? 'moved';
    return [
      {
        coordinate: input.coordinate,
        verdict,
        before: wordsOf(old.form),
        rule,
        after: wordsOf(input.form),
        example: isReader
          ? (exampleOf(input) ?? { witness: reader, depends: dependsOf(reader), operation: null })
          : null,
        through: null,
        opens: [],
        isFinding: verdict === 'wider' || verdict === 'incomparable',
      },
    ];
  });
}

/** Returns who supplies an input: for an argument, the callers who read its field too. */
function supplierOf(side: Side, { field, form }: Input): NormalForm {
  return field === null ? form : side.access.forms.both(accessTo(side, field) ?? never, form);
}

/** Whether a caller supplies an input. */
function supplies(side: Side, { field, form }: Input, witness: Witness): boolean {
  return formLetsIn(form, witness) && (field === null || routeOn(side, field, witness) !== null);
}

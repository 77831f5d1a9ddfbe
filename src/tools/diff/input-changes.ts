import { never, type NormalForm } from '../../auth/algebra/form.ts';
import { together } from './access/access.ts';
import type { Change, Verdict } from './change.ts';
import { dependsOf } from './compare.ts';
import { type Directions, verdictOf } from './field-changes.ts';
import { wordsOf, writeForm } from './form-text.ts';
import { createInputExample } from './input-example.ts';
import { type Input, inputsOf } from './access/inputs.ts';
import { accessTo, type Side } from './pair.ts';

/**
 * Finds what changed for the arguments, input fields and enum values that both schemas have: who may supply them, where
 * the field lets the caller in.
 */
export function inputChanges({ gained, lost }: Directions): readonly Change[] {
  const exampleOf = createInputExample(gained);
  const before = inputsOf(gained.there.access.source);
  return [...inputsOf(gained.here.access.source).values()].flatMap((input): readonly Change[] => {
    const old = before.get(input.coordinate);
    if (!old) return [];
    const rule = writeForm(input.form);
    const isSame = old.ruleCoordinates === input.ruleCoordinates && writeForm(old.form) === rule;
    if (isSame) return [];
    const isWider = gained.difference(input.form, old.form) !== null;
    const isNarrower = lost.difference(old.form, input.form) !== null;
    const [form, other] = [supplierOf(gained.here, input), supplierOf(gained.there, old)];
    const reader = isWider ? gained.difference(form, other) : null;
    const leaver = isNarrower ? lost.difference(other, form) : null;
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
  return field === null ? form : together(accessTo(side, field) ?? never, form);
}

import { isSameOwner, isSamePolicy } from '../../auth/algebra/condition.ts';
import { conditions } from '../../auth/algebra/conjunction.ts';
import type { NormalForm } from '../../auth/algebra/form.ts';
import { implies } from '../../auth/algebra/implication.ts';
import type { Witness } from '../../auth/algebra/witness.ts';

/** A caller whom only the first of two forms lets in. `null`: there is none. `unknown`: the forms cannot be judged. */
export type Difference = Witness | 'unknown' | null;

/** Finds a caller whom a form lets in, and another form does not. */
export type FindDifference = (form: NormalForm, other: NormalForm) => Difference;

/**
 * Makes the function that finds the differences of forms. Two forms are compared one time.
 */
export function createFindDifference(): FindDifference {
  const known = new WeakMap<NormalForm, WeakMap<NormalForm, Difference>>();
  return (form, other) => {
    if (form === other) return null;
    const ofForm = known.get(form) ?? new WeakMap<NormalForm, Difference>();
    known.set(form, ofForm);
    let found = ofForm.get(other);
    if (found === undefined) {
      found = differenceOf(form, other);
      ofForm.set(other, found);
    }
    return found;
  };
}

function differenceOf(form: NormalForm, other: NormalForm): Difference {
  // Each alternative that a capped form does not list needs a token at least.
  const isForAll = other.alternatives.some((condition) => conditions.sizeOf(condition) === 0);
  const result = implies(isForAll ? { ...form, isCapped: false } : form, other);
  if (result.answer === 'no') return result.witness;
  return result.answer === 'yes' ? null : 'unknown';
}

/**
 * Finds a caller whom only the first of two forms lets in. If a form is capped, it tries a caller for each listed
 * alternative.
 *
 * @param isInOther - whether the other form really lets in a caller, by its rules
 */
export function judgedDifference(
  form: NormalForm,
  other: NormalForm,
  difference: FindDifference,
  isInOther: (witness: Witness) => boolean,
): Difference {
  const found = difference(form, other);
  if (found !== 'unknown') return found;
  for (const alternative of form.alternatives) {
    const result = implies({ alternatives: [alternative], isCapped: false }, { ...other, isCapped: false });
    if (result.answer === 'no' && !isInOther(result.witness)) return result.witness;
  }
  return 'unknown';
}

/** Names the owners and policies that must hold for a witness. */
export function dependsOf({ owners, policies }: Witness): readonly string[] {
  return [
    ...owners.map(({ name, about }) => `the owner ${name} of ${about}`),
    ...policies.map(({ name, about }) => `the policy ${name} of ${about}`),
  ];
}

/** Whether a witness depends on an owner or a policy that a form does not have. Then the forms cannot be compared. */
export function isOtherQuestion({ owners, policies }: Witness, { alternatives }: NormalForm): boolean {
  return (
    owners.some((one) => !alternatives.some((other) => other.owners.some((known) => isSameOwner(one, known)))) ||
    policies.some((one) => !alternatives.some((other) => other.policies.some((known) => isSamePolicy(one, known))))
  );
}

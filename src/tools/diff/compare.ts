import { isSameOwner, isSamePolicy } from '../../auth/algebra/condition.ts';
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
    if (form === other && !form.isCapped) return null;
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
  const result = implies(form, other);
  if (result.answer === 'no') return result.witness;
  return result.answer === 'yes' ? null : 'unknown';
}

/**
 * Finds a caller whom the listed alternatives of a form let in, and no listed alternative of another form. Use it for
 * capped forms: another check must show that the other form really does not let in the caller.
 */
export function listedDifference(form: NormalForm, other: NormalForm): Witness | null {
  const result = implies({ ...form, isCapped: false }, { ...other, isCapped: false });
  return result.answer === 'no' ? result.witness : null;
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

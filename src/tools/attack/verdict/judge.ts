import { decideForm, formOf, type NormalForm } from '../../../auth/algebra/form.ts';
import type { OwnerQuestion, PolicyQuestion } from '../../../auth/algebra/condition.ts';
import { letsIn } from '../../../auth/algebra/witness.ts';
import { isDynamic, type Rule } from '../../../auth/rules/rule.ts';
import type { Persona } from '../callers/persona.ts';

/**
 * Whether rules let in a persona. `unknown`: the form has more alternatives than were listed, or an owner or a policy
 * decides and its answer is not known.
 */
export type Opens = 'yes' | 'no' | 'unknown';

/** Judges personas by the rules alone. */
export interface Judge {
  readonly formOf: (rules: readonly Rule[]) => NormalForm;
  readonly opens: (rules: readonly Rule[], persona: Persona) => Opens;
  readonly opensForm: (form: NormalForm, persona: Persona) => Opens;
  /** Whether the rules deny a persona without a question to an owner or a policy. */
  readonly denies: (rules: readonly Rule[], persona: Persona) => boolean;
}

/**
 * Makes the judge of an attack.
 *
 * @param rules - every rule of the schema
 * @param knowsAnswers - whether the attack decides what owners and policies answer
 * @param clock - milliseconds since the epoch
 */
export function createJudge(rules: readonly Rule[], knowsAnswers: boolean, clock: () => number): Judge {
  const forms = new Map<string, NormalForm>();
  const questions = formsOfDynamic(rules);

  function form(some: readonly Rule[]): NormalForm {
    const key = some.map(({ id }) => id).join();
    let found = forms.get(key);
    if (!found) forms.set(key, (found = formOf(some)));
    return found;
  }
  function opensForm(one: NormalForm, { principal, grants }: Persona): Opens {
    if (!knowsAnswers) {
      const decision = decideForm(one, principal, clock());
      return decision === 'depends' || decision === 'unknown' ? 'unknown' : decision === 'allow' ? 'yes' : 'no';
    }
    const witness = {
      principal,
      now: clock(),
      owners: questions.owners.filter(({ name }) => grants.owners.has(name)),
      policies: questions.policies.filter(({ name }) => grants.policies.has(name)),
    };
    if (one.alternatives.some((condition) => letsIn(condition, witness))) return 'yes';
    return one.isCapped ? 'unknown' : 'no';
  }
  return {
    formOf: form,
    opensForm,
    opens: (some, persona) => (some.length === 0 ? 'yes' : opensForm(form(some), persona)),
    denies: (some, { principal }) => some.length > 0 && decideForm(form(some), principal, clock()) === 'deny',
  };
}

function formsOfDynamic(rules: readonly Rule[]): {
  readonly owners: readonly OwnerQuestion[];
  readonly policies: readonly PolicyQuestion[];
} {
  const conditions = rules.filter(isDynamic).flatMap((rule) => formOf([{ ...rule, mode: 'ENFORCE' }]).alternatives);
  return {
    owners: conditions.flatMap(({ owners }) => owners),
    policies: conditions.flatMap(({ policies }) => policies),
  };
}

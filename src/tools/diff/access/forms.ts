import { createHash } from 'node:crypto';
import { allOf, always, anyOf, formOf, type NormalForm } from '../../../auth/algebra/form.ts';
import { letsIn, type Witness } from '../../../auth/algebra/witness.ts';
import { decideRequirement } from '../../../auth/decide/decide.ts';
import type { Requirement, Rule } from '../../../auth/rules/rule.ts';
import { writeForm } from '../form-text.ts';

/**
 * Makes the forms of two schemas. What has the same rules at the same elements in both schemas has one form, so that it is
 * known to be equal, although a capped form does not list all of its alternatives.
 */
export interface Forms {
  readonly ofRules: (rules: readonly Rule[]) => NormalForm;
  /** Returns the form in which both forms hold. */
  readonly both: (one: NormalForm, other: NormalForm) => NormalForm;
  /** Returns the form in which at least one of the forms holds. */
  readonly some: (forms: readonly NormalForm[]) => NormalForm;
}

/** Decides capped forms by the rules that they are made of. */
const decided = new WeakMap<NormalForm, (witness: Witness) => boolean>();
/** Texts of capped forms that are equal only for equal rules. */
const digests = new WeakMap<NormalForm, string>();

/** Makes the forms of two schemas that are compared. A form is made one time. */
export function createForms(): Forms {
  const known = new Map<string, NormalForm>();
  const numbers = new Map<NormalForm, number>();
  const numberOf = (form: NormalForm): number => {
    const number = numbers.get(form) ?? numbers.size;
    numbers.set(form, number);
    return number;
  };
  function made(
    key: string,
    make: () => NormalForm,
    decides: (witness: Witness) => boolean,
    text: () => string,
  ): NormalForm {
    const found = known.get(key);
    if (found) return found;
    const form = make();
    known.set(key, form);
    if (form.isCapped) {
      decided.set(form, decides);
      digests.set(form, createHash('sha256').update(text()).digest('hex').slice(0, 32));
    }
    return form;
  }
  const textOf = ({ coordinate, requirement, anyOf: some }: Rule): string =>
    JSON.stringify([coordinate, requirement, some]);
  return {
    ofRules(rules) {
      if (rules.length === 0) return always;
      const key = rules.map(textOf).toSorted().join('\n');
      return made(
        key,
        () => formOf(rules),
        (witness) => rules.every((rule) => ruleLetsIn(rule, witness)),
        () => key,
      );
    },
    both(one, other) {
      if (isOpen(one)) return other;
      if (isOpen(other)) return one;
      return made(
        `${numberOf(one)} & ${numberOf(other)}`,
        () => allOf([one, other]),
        (witness) => formLetsIn(one, witness) && formLetsIn(other, witness),
        () => `all ${textsOf([one, other])}`,
      );
    },
    some(forms) {
      const [first] = forms;
      if (forms.length === 1 && first) return first;
      return made(
        forms.map(numberOf).join(' | '),
        () => anyOf(forms),
        (witness) => forms.some((form) => formLetsIn(form, witness)),
        () => `some ${textsOf(forms)}`,
      );
    },
  };
}

/**
 * Writes a form for `--allow`. The text of a capped form has a digest of its rules, because it does not list all of its
 * alternatives: another rule must have another text.
 */
export function writeRule(form: NormalForm): string {
  const digest = digests.get(form);
  return `${writeForm(form)}${digest === undefined ? '' : ` (rules ${digest})`}`;
}

function textsOf(forms: readonly NormalForm[]): string {
  return JSON.stringify(forms.map(writeRule).toSorted());
}

/** Whether a form lets in every caller, without a token too. */
export function isOpen({ alternatives }: NormalForm): boolean {
  return alternatives.some(({ token }) => !token);
}

/** Whether a form lets in the caller of a witness, for its outcomes of owners and policies. */
export function formLetsIn(form: NormalForm, witness: Witness): boolean {
  return form.alternatives.some((condition) => letsIn(condition, witness)) || (decided.get(form)?.(witness) ?? false);
}

function ruleLetsIn({ coordinate, requirement, anyOf: some }: Rule, witness: Witness): boolean {
  const holds = (one: Requirement): boolean => requirementLetsIn(one, coordinate, witness);
  return holds(requirement) && (some.length === 0 || some.some(holds));
}

function requirementLetsIn(requirement: Requirement, about: string, witness: Witness): boolean {
  const { owner, policies } = requirement;
  const { principal, now } = witness;
  if (principal.kind === 'anonymous' || decideRequirement(requirement, principal, now) === 'deny') return false;
  const isOwner =
    owner === null ||
    witness.owners.some((one) => one.about === about && one.kind === owner.kind && one.name === owner.name);
  return isOwner && policies.every((name) => witness.policies.some((one) => one.about === about && one.name === name));
}

import type { Condition } from '../../auth/algebra/condition.ts';
import type { NormalForm } from '../../auth/algebra/form.ts';
import { wordsOfForm } from '../../auth/algebra/words.ts';

/**
 * Writes a normal form in one line. Two forms have one text only if they let in the same callers. Owners and policies have
 * the coordinate that they are about.
 */
export function writeForm({ alternatives, isCapped }: NormalForm): string {
  const texts = alternatives.map(writeCondition).toSorted();
  if (texts.length === 0 && !isCapped) return 'no caller';
  return [...texts, ...(isCapped ? ['another of more alternatives'] : [])].join(' | ');
}

function writeCondition({ token, scopes, claims, owners, policies, maxAge, acr }: Condition): string {
  if (!token) return 'every caller';
  const parts = [
    ...scopes.toSorted(),
    ...claims
      .map((rule) => {
        const path = rule.claim.map((name) => (/^\w+$/.test(name) ? name : JSON.stringify(name))).join('.');
        if (rule.operator === 'exists') return `claim ${path}`;
        if (rule.operator === 'contains') return `claim ${path} contains ${JSON.stringify(rule.value)}`;
        return `claim ${path} in ${JSON.stringify(rule.values.toSorted())}`;
      })
      .toSorted(),
    ...owners.map(({ kind, name, about }) => `owner ${kind} ${name} of ${about}`).toSorted(),
    ...policies.map(({ name, about }) => `policy ${plainName(name)} of ${about}`).toSorted(),
    ...(maxAge === null ? [] : [`maxAge ${maxAge}`]),
    ...(acr === null ? [] : [`acr in ${JSON.stringify(acr.toSorted())}`]),
  ];
  return parts.length === 0 ? 'a token' : parts.join(' & ');
}

/** Quotes a name that the text around it could change: the name of a policy can have any characters. */
function plainName(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : JSON.stringify(name);
}

/** Writes a normal form in words, after the word "requires". */
export function wordsOf(form: NormalForm): string {
  if (form.alternatives.length === 0 && !form.isCapped) return 'what no caller has';
  return form.alternatives.some(({ token }) => !token) ? 'nothing' : wordsOfForm(form);
}

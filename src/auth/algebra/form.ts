import type { Principal } from '../../principal.ts';
import { type Alternatives, everyOf, someOf } from '../rules/alternatives.ts';
import { type Decision, decideRequirement } from '../decide/decide.ts';
import type { Requirement, Rule } from '../rules/rule.ts';
import { type Condition, nothingNeeded, requirementOf } from './condition.ts';
import { conditions } from './conjunction.ts';

/**
 * The normal form of rules: alternatives of conditions. A caller is let in if every condition of at least one
 * alternative holds. If `isCapped`, there are more alternatives than the listed ones.
 */
export type NormalForm = Alternatives<Condition>;

/** The normal form that lets in every caller, without a token too. It is the form of an element without a rule. */
export const always: NormalForm = Object.freeze({ alternatives: Object.freeze([nothingNeeded]), isCapped: false });

/** The normal form that lets in no caller. */
export const never: NormalForm = Object.freeze({ alternatives: Object.freeze([]), isCapped: false });

/**
 * Returns the normal form of several rules together: all of them must hold. SHADOW rules are left out, because they deny
 * nothing. If no rule is left, the form is `always`. The form has at most `maxAlternatives` alternatives.
 *
 * @param about - returns the coordinate that the owner and the policies of a rule are about. If it returns one
 * coordinate for two rules, their equal owners and policies count as one question. Default: the coordinate of the rule
 */
export function formOf(
  rules: readonly Rule[],
  about: (rule: Rule) => string = ({ coordinate }) => coordinate,
): NormalForm {
  return allOf(rules.filter(({ mode }) => mode === 'ENFORCE').map((rule) => formOfRule(rule, about(rule))));
}

/** Returns the form in which every one of the forms holds. */
export function allOf(forms: readonly NormalForm[]): NormalForm {
  return everyOf(conditions, forms, nothingNeeded);
}

/** Returns the form in which at least one of the forms holds. */
export function anyOf(forms: readonly NormalForm[]): NormalForm {
  return someOf(conditions, forms);
}

function formOfRule(rule: Rule, about: string): NormalForm {
  const own = formOfRequirement(rule.requirement, about);
  const alternatives = rule.anyOf.map((alternative) => formOfRequirement(alternative, about));
  return allOf(alternatives.length > 0 ? [own, anyOf(alternatives)] : [own]);
}

function formOfRequirement(requirement: Requirement, about: string): NormalForm {
  const { scope, owner, policies } = requirement;
  const others: Condition = {
    token: true,
    scopes: [],
    claims: requirement.claims,
    owners: owner ? [{ kind: owner.kind, name: owner.name, about }] : [],
    policies: policies.map((name) => ({ name, about })),
    maxAge: requirement.maxAge,
    acr: requirement.acr,
  };
  return {
    alternatives: scope.flatMap((scopes) => conditions.meet(others, { ...nothingNeeded, scopes }) ?? []),
    isCapped: false,
  };
}

/**
 * Decides a normal form for a principal, as `decide` decides its rules. `unknown`: no listed alternative lets the
 * principal in, and the form is capped. Treat it as `deny`.
 *
 * @param now - milliseconds since the epoch
 */
export function decideForm(form: NormalForm, principal: Principal, now: number): Decision | 'unknown' {
  const decisions = new Set(form.alternatives.map((condition) => decideCondition(condition, principal, now)));
  if (decisions.has('allow')) return 'allow';
  if (decisions.has('depends')) return 'depends';
  return form.isCapped ? 'unknown' : 'deny';
}

function decideCondition(condition: Condition, principal: Principal, now: number): Decision {
  if (!condition.token) return 'allow';
  return principal.kind === 'anonymous' ? 'deny' : decideRequirement(requirementOf(condition), principal, now);
}

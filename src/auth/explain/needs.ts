import type { Principal } from '../../principal.ts';
import type { Decider } from '../decide/decide.ts';
import { leastScopesOf, type LeastScopes, leastScopesOfRule, scopesForSome } from '../rules/least-scopes.ts';
import type { Rule, RuleIds } from '../rules/rule.ts';
import type { DecidedField } from './decided-field.ts';
import type { OperationExplanation } from './explanation.ts';
import { scopesForAll } from './least-scopes.ts';
import { type FindMissing, joinMissing } from './missing-evidence.ts';

/** Collects what the fields of an operation need together. */
export interface Needs {
  add(field: Pick<DecidedField, 'always' | 'ofTypes'>): void;
  /** @param isComplete - whether every field was added */
  found(isComplete: boolean): Pick<OperationExplanation, 'leastScopes' | 'leastScopesCapped' | 'missing'>;
}

/**
 * How many possible types of one field are compared. The bound is needed because the work grows with the square of their
 * number.
 */
const maxTypes = 32;

/** Makes the object that finds what an operation needs, and what a principal lacks for it. */
export function createNeeds(
  { rules, decide }: { readonly rules: readonly Rule[]; readonly decide: Decider },
  missing: FindMissing,
  principal: Principal,
): Needs {
  const always = new Set<number>();
  /** Lists of possible types, by the numbers of their rules. */
  const ofTypes = new Map<string, readonly RuleIds[]>();
  let hasMoreTypes = false;
  const rulesOf = (ids: Iterable<number>): readonly Rule[] => [...ids].flatMap((id) => rules[id] ?? []);
  const denies = (ids: RuleIds): boolean => decide(ids, principal) === 'deny';

  /** Returns one rule for each text of a rule, because equal texts have equal requirements. */
  function distinctRules(): readonly Rule[] {
    return [...new Map(rulesOf(always).map((rule) => [rule.source, rule])).values()];
  }

  function leastScopes(): LeastScopes {
    const ofRules = distinctRules().map(leastScopesOfRule);
    const ofLists = [...ofTypes.values()].map((types) =>
      scopesForSome(types.map((ids) => leastScopesOf(rulesOf(ids)))),
    );
    return scopesForAll([...ofRules, ...ofLists]);
  }

  return {
    add(field) {
      for (const id of field.always) always.add(id);
      for (const types of field.ofTypes) {
        const distinct = new Map(types.map((ids) => [ids.join(), ids]));
        if (distinct.size > maxTypes) hasMoreTypes = true;
        ofTypes.set([...distinct.keys()].join(' '), [...distinct.values()].slice(0, maxTypes));
      }
    },
    found(isComplete) {
      const { alternatives, isCapped } = leastScopes();
      const lacking = [
        ...distinctRules().flatMap((rule) => (denies([rule.id]) ? [missing([[rule]])] : [])),
        ...[...ofTypes.values()].filter((types) => types.every(denies)).map((types) => missing(types.map(rulesOf))),
      ];
      return {
        leastScopes: alternatives,
        leastScopesCapped: isCapped || hasMoreTypes || !isComplete,
        missing: joinMissing(lacking.filter((evidence) => evidence !== null)),
      };
    },
  };
}

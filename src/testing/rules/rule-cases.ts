import { type NormalForm, formOf } from '../../auth/algebra/form.ts';
import { wordsOfForm } from '../../auth/algebra/words.ts';
import type { Decision } from '../../auth/decide/decide.ts';
import { principalOfCaller } from '../principal.ts';
import { decisionAt } from './decision.ts';
import { type IncludesRule, type RuledSchema, ruledElements } from './guarded-elements.ts';
import { callersWithout, callerWith, type RuleCaller, toTestCaller, writeCaller } from './rule-callers.ts';

/** One caller, and the decision for it. */
export interface RuleCase {
  readonly caller: RuleCaller;
  readonly decision: Decision;
}

/** A guarded element with its callers: first those whom its rules let in, then those whom they deny. */
export interface RuledCases {
  readonly coordinate: string;
  /** What the rules require, in words. */
  readonly requires: string;
  readonly cases: readonly RuleCase[];
  /** Whether some alternatives of the rules have no caller, because there are too many or `as` cannot make them. */
  readonly isPartial: boolean;
}

/** The largest number of callers of one element whom the rules let in, and of callers whom they deny. */
const mostCallers = 8;

/**
 * Finds callers for each guarded element: for each alternative of its rules, a caller who has exactly what it needs, and
 * callers who lack one part of it.
 *
 * @param isIncluded - whether the element of a rule is listed. Default: each element with a rule
 * @param now - milliseconds since the epoch
 */
export function ruleCases(
  guarded: RuledSchema,
  isIncluded: IncludesRule = () => true,
  now: number = Date.now(),
): readonly RuledCases[] {
  return [...ruledElements(guarded)].flatMap(([coordinate, rules]) => {
    if (!rules.some(isIncluded)) return [];
    const form = formOf(rules);
    const decided = (caller: RuleCaller): RuleCase => {
      const principal = principalOfCaller(toTestCaller(caller, now));
      return { caller, decision: decisionAt(guarded, coordinate, principal, now) };
    };
    const passing = distinct(passingCallers(form, now).map(decided)).filter(({ decision }) => decision !== 'deny');
    const failing = distinct(failingCallers(form, now).map(decided)).filter(({ decision }) => decision === 'deny');
    const isPartial = form.isCapped || passing.length < Math.min(form.alternatives.length, mostCallers);
    const cases = [...passing.slice(0, mostCallers), ...failing.slice(0, mostCallers)];
    return [{ coordinate, requires: wordsOfForm(form), cases, isPartial: isPartial || passing.length > mostCallers }];
  });
}

function passingCallers({ alternatives }: NormalForm, now: number): readonly RuleCaller[] {
  return alternatives.map((condition) => callerWith(condition, now)).filter((caller) => caller !== undefined);
}

function failingCallers({ alternatives }: NormalForm, now: number): readonly RuleCaller[] {
  return [null, {}, ...alternatives.flatMap((condition) => callersWithout(condition, now))];
}

function distinct(cases: readonly RuleCase[]): readonly RuleCase[] {
  return [...new Map(cases.map((one) => [writeCaller(one.caller), one])).values()];
}

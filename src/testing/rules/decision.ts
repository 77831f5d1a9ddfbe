import { decide, type Decision } from '../../auth/decide/decide.ts';
import { type Principal, principalOf } from '../../principal.ts';
import { nearestHint } from '../../protocol/nearest.ts';
import { type IncludesRule, type RuledSchema, ruledElements } from './guarded-elements.ts';

/**
 * Decides the rules of one element for a caller, as the guard decides them before a resolver runs. `depends`: no rule
 * denies, and an owner or a policy decides. An element without a rule allows every caller.
 *
 * It decides only the rules of the element itself. A field on the way to it, and the type that a field returns, have
 * their own decisions.
 *
 * @param coordinate - `Type`, `Type.field`, `Type.field(argument:)`, `Input.field` or `Enum.VALUE`
 * @param principal - the caller, from `as`
 * @param now - milliseconds since the epoch. Default: the present time
 * @throws {Error} if the schema has no such element
 */
export function decisionAt(
  guarded: RuledSchema,
  coordinate: string,
  principal: Principal,
  now: number = Date.now(),
): Decision {
  const elements = ruledElements(guarded);
  const rules = elements.get(coordinate);
  if (!rules) {
    throw new Error(
      `decisionAt: the schema has no element ${coordinate}${nearestHint(coordinate, elements.keys())}; expected a coordinate of the schema`,
    );
  }
  const caller = principalOf({ principal });
  const decisions = new Set(rules.map((rule) => decide(rule, caller, now)));
  if (decisions.has('deny')) return 'deny';
  return decisions.has('depends') ? 'depends' : 'allow';
}

/**
 * Lists the coordinates of the elements with a rule. SHADOW rules do not count.
 *
 * @param modules - the names of modules. Only elements with a rule of one of them are listed. Default: all elements
 */
export function guardedCoordinates(guarded: RuledSchema, modules?: readonly string[]): readonly string[] {
  const isIncluded = rulesOf(modules);
  return [...ruledElements(guarded)].filter(([, rules]) => rules.some(isIncluded)).map(([coordinate]) => coordinate);
}

/** Returns the function that includes the rules of these modules. Default: all rules. */
export function rulesOf(modules?: readonly string[]): IncludesRule {
  return ({ module }) => modules === undefined || modules.includes(module);
}

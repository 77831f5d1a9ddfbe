import { defaultFieldResolver, type GraphQLError, type GraphQLField, type GraphQLResolveInfo } from 'graphql';
import type { Decider } from '../../decide/decide.ts';
import type { Guard, Resolver } from '../../guard/guard.ts';
import type { ResultStep } from '../../guard/results.ts';
import { isDynamic, isTimed, type RuleIds } from '../../rules/rule.ts';

/**
 * How a field runs without its guard. An executor may use it only if `decide` returns `allow` for the caller. The guard
 * would then call the same resolver.
 */
export interface DirectField {
  /** The resolver of the schema's author. */
  readonly resolve: Resolver;
  /** The step between the resolver and the executor. `null`: results are not changed. */
  readonly step: ResultStep | null;
  /** The rules of the field. Empty: every caller may read it. */
  readonly rules: RuleIds;
  /** Decides `rules`. The decision never changes for one principal. */
  readonly decide: Decider;
  /**
   * Returns the error of the field's selection, if the guard has already denied this selection in the execution. The
   * guard then denies each further position with the same error. It needs the executor's own array `fieldNodes`.
   */
  denialOf(info: GraphQLResolveInfo, context: unknown): GraphQLError | undefined;
}

const directFields = new WeakMap<Resolver, DirectField>();

/** Returns how a field runs without its guard. `null`: the guard must run. */
export function directFieldOf(resolve: Resolver): DirectField | null {
  return directFields.get(resolve) ?? null;
}

/**
 * Stores how a field runs without its guard. Nothing is stored if the guard does more than decide rules of the caller
 * that do not change with time: for rules on inputs, SHADOW rules, rules with `maxAge`, and rules of the field itself
 * that need a value or a policy.
 *
 * @param guarded - the resolver with the guard
 * @param step - the step of the guard for the field's results
 */
export function storeDirectField(
  type: string,
  field: GraphQLField<unknown, unknown>,
  guarded: Resolver,
  step: ResultStep | null,
  { rules: table, elements, shadows, decide, executions }: Guard,
): void {
  const rules = elements.fieldRules(type, field.name);
  const some = (ids: RuleIds, is: typeof isTimed): boolean =>
    ids.some((id) => table[id] === undefined || is(table[id]));
  if (elements.inputRules(type, field.name) || shadows.inputRules(type, field.name)) return;
  if (shadows.fieldRules(type, field.name).length > 0) return;
  if (some(rules, isTimed) || some(elements.ownRules(type, field.name), isDynamic)) return;
  directFields.set(guarded, {
    resolve: field.resolve ?? defaultFieldResolver,
    step,
    rules,
    decide,
    denialOf: (info, context) => executions(info, context).errorByNodes.get(info.fieldNodes),
  });
}

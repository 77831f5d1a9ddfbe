import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type GraphQLTypeResolver,
  getNamedType,
  isAbstractType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { principalOf } from '../principal.ts';
import type { DeniedRule } from './denial.ts';
import type { Elements, RuleIds } from './elements.ts';
import type { Guard } from './guard.ts';
import { isPromiseLike, type MaybePromise, whenAll } from './maybe-promise.ts';
import { isDynamic, type Rule } from './rule.ts';

/**
 * Guards the values of types with rules, wherever one is produced: the executor asks each object type whether a value is of
 * it before anything of the value is read, and there the rules are decided that the field could not decide.
 */
export function guardValues(schema: GraphQLSchema, guard: Guard): void {
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const abstract = types.filter(isAbstractType);
  const guarded = types.filter(isObjectType).filter((type) => {
    const parents = abstract.filter((parent) => schema.isSubType(parent, type));
    return [guard.elements, guard.shadows].some((elements) => isDecidedByValue(type, parents, elements, guard.rules));
  });
  for (const parent of abstract) {
    if (!guarded.some((type) => schema.isSubType(parent, type))) continue;
    if (!parent.resolveType || parent.resolveType === defaultTypeResolver) {
      parent.resolveType = resolveUnguarded(schema, parent);
    }
  }
  for (const type of guarded) guardValue(type, guard);
}

/** Whether rules are left for when there is a value. */
function isDecidedByValue(
  type: GraphQLObjectType,
  parents: readonly GraphQLAbstractType[],
  elements: Elements,
  rules: readonly Rule[],
): boolean {
  const unions = parents.filter(isUnionType).flatMap((union) => elements.unionRules(union.name));
  const ids = [...elements.typeRules(type.name), ...unions];
  return ids.length > 0 && (parents.length > 0 || ids.some((id) => rules[id] !== undefined && isDynamic(rules[id])));
}

/**
 * What graphql-js does for an abstract type that has no `resolveType`, asking what the types' authors wrote: the guard's own
 * `isTypeOf` says yes to everything it may be asked.
 */
function resolveUnguarded(schema: GraphQLSchema, parent: GraphQLAbstractType): GraphQLTypeResolver<unknown, unknown> {
  const possible = schema.getPossibleTypes(parent).map(({ name, isTypeOf }) => ({ name, isTypeOf }));
  return (value, context, info) => {
    if (typeof value === 'object' && value !== null && '__typename' in value && typeof value.__typename === 'string') {
      return value.__typename;
    }
    const answers = possible.flatMap(({ name, isTypeOf }) =>
      isTypeOf ? [{ name, is: isTypeOf(value, context, info) }] : [],
    );
    // One that fails late is nobody's answer any more.
    for (const { is } of answers) if (isPromiseLike(is)) Promise.resolve(is).catch(() => {});
    const sure = answers.find(({ is }) => is === true);
    if (sure || !answers.some(({ is }) => isPromiseLike(is))) return sure?.name;
    return whenAll(
      answers.map(({ is }) => is),
      (settled) => answers[settled.indexOf(true)]?.name,
    );
  };
}

function guardValue(type: GraphQLObjectType, guard: Guard): void {
  const { rules, elements, shadows, decide, deny, denyingOf, watch } = guard;
  const isTypeOf = type.isTypeOf;
  const dynamicIn = (ids: RuleIds): RuleIds => ids.filter((id) => rules[id] !== undefined && isDynamic(rules[id]));
  const asked = { whole: elements.typeRules(type.name), dynamic: dynamicIn(elements.typeRules(type.name)) };
  const watched = { whole: shadows.typeRules(type.name), dynamic: dynamicIn(shadows.typeRules(type.name)) };

  /** What the field that returns a value has left to its value. */
  function left(of: typeof asked, from: Elements, info: GraphQLResolveInfo): RuleIds {
    const returned = getNamedType(info.returnType);
    if (!isAbstractType(returned)) return of.dynamic;
    return isUnionType(returned) ? [...of.whole, ...from.unionRules(returned.name)] : of.whole;
  }

  function admit(value: unknown, context: unknown, info: GraphQLResolveInfo): MaybePromise<boolean> {
    const ids = left(asked, elements, info);
    const shadowed = left(watched, shadows, info);
    if (ids.length === 0 && shadowed.length === 0) return true;
    const principal = principalOf(context);
    const place = { info, context, principal };
    const subject = { ...place, parent: value, type: type.name, args: {}, coordinate: type.name };
    watch(shadowed, type.name, subject);
    const decision = decide(ids, principal);
    if (decision === 'allow') return true;
    if (decision === 'deny') return deny.value(place, guard.evidence.denying(ids, principal), false);
    const denying = denyingOf(ids, subject);
    const go = (denied: readonly DeniedRule[]): MaybePromise<boolean> =>
      denied.length === 0 || deny.value(place, denied, true);
    return isPromiseLike(denying) ? denying.then(go) : go(denying);
  }

  type.isTypeOf = (value, context, info) => {
    const is = isTypeOf ? isTypeOf(value, context, info) : true;
    const go = (answer: boolean): MaybePromise<boolean> => (answer ? admit(value, context, info) : answer);
    return isPromiseLike(is) ? Promise.resolve(is).then(go) : go(is);
  };
}

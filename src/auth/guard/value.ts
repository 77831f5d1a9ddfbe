import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { principalOf } from '../../principal.ts';
import type { DeniedRule } from '../decide/denial.ts';
import type { Elements } from '../rules/elements.ts';
import type { Guard, Resolver } from './guard.ts';
import { isPromiseLike, type MaybePromise } from '../maybe-promise.ts';
import type { ResultStep } from './results.ts';
import { isDynamic, type RuleIds } from '../rules/rule.ts';
import { handleRejection } from '../../protocol/notify.ts';

/** The rules that are decided for a value. */
interface ValueRules {
  readonly enforced: RuleIds;
  readonly shadowed: RuleIds;
}

/**
 * Guards the values of a field that returns an object type. The dynamic rules of that type are decided after the
 * resolver has returned a value and before the executor reads the value.
 *
 * @returns the step for each value. `null`: the type has no such rule
 */
export function guardValuesOf(type: string, field: GraphQLField<unknown, unknown>, guard: Guard): ResultStep | null {
  const returned = getNamedType(field.type);
  if (!isObjectType(returned)) return null;
  const dynamic = (elements: Elements): RuleIds =>
    elements.returnRules(type, field.name).filter((id) => guard.rules[id] !== undefined && isDynamic(guard.rules[id]));
  const rules = { enforced: dynamic(guard.elements), shadowed: dynamic(guard.shadows) };
  if (isEmpty(rules)) return null;
  return (value, context, info) => {
    // The executor turns these values into an error or null.
    if (value === null || value === undefined || value instanceof Error) return value;
    return afterwards(admit(rules, value, returned.name, context, info, guard), value);
  };
}

/**
 * Makes the guard of a field whose arguments determine the type of its value (option `typeOf`). Rules of that type that
 * depend on the caller alone are decided before the resolver runs. A denial has the same error as for a value. If the
 * rules were decided later, a caller who may receive no value of the type would learn which values exist.
 *
 * @returns a function that puts the guard around a resolver. `null`: the option is not set
 */
export function guardForeseenTypes(
  type: string,
  field: GraphQLField<unknown, unknown>,
  { typeOf, elements, decide, deny, evidence }: Guard,
): ((resolve: Resolver) => Resolver) | null {
  if (!typeOf) return null;
  const coordinate = `${type}.${field.name}`;
  return (resolve) => (source, args, context, info) => {
    const named: unknown = typeOf(coordinate, args);
    handleRejection(named); // An async function returns a promise, which is not a type name.
    if (named !== null && typeof named !== 'string')
      throw new TypeError('typeOf returned neither a type name nor null');
    const rules = named === null ? [] : elements.typeRules(named);
    const principal = principalOf(context);
    if (decide(rules, principal) !== 'deny') return resolve(source, args, context, info);
    return deny.value({ info, context, principal }, evidence.denying(rules, principal), false);
  };
}

/**
 * Guards the values of interfaces and unions. The rules of a value's type are decided after `resolveType` has named the
 * type and before the executor reads the value. The functions `isTypeOf` of object types are not changed.
 */
export function guardAbstractTypes(schema: GraphQLSchema, guard: Guard): void {
  const guarded = abstractTypesWithRules(schema, guard);
  for (const type of guarded) guardAbstractType(type, guarded, guard);
}

/** Returns the interfaces and unions whose values can have rules. */
function abstractTypesWithRules(schema: GraphQLSchema, guard: Guard): ReadonlySet<GraphQLAbstractType> {
  const sources = [guard.elements, guard.shadows];
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  const ruled = new Set<GraphQLNamedType>();
  for (const type of types.filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const isRuled = sources.some((elements) => elements.returnRules(type.name, field.name).length > 0);
      if (isRuled) ruled.add(getNamedType(field.type));
    }
  }
  const guarded = types.filter(isAbstractType).filter((parent) => {
    if (ruled.has(parent)) return true;
    const possible = schema.getPossibleTypes(parent);
    return possible.some((type) => sources.some((elements) => elements.typeRules(type.name).length > 0));
  });
  return new Set(guarded);
}

function guardAbstractType(type: GraphQLAbstractType, guarded: ReadonlySet<GraphQLAbstractType>, guard: Guard): void {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const others = new Set([...guarded].filter((other) => other !== type).map((other) => other.name));
  const rulesOf = createRulesOf(guard);
  type.resolveType = (value, context, info, abstractType) => {
    const resolved = resolveType(value, context, info, abstractType);
    // An author's `resolveType` may call the `resolveType` of another type. Such a call does not come from the
    // executor, so no rule is decided for it.
    if (others.has(getNamedType(info.returnType).name)) return resolved;
    const go = (name: string | undefined): MaybePromise<string | undefined> => {
      if (typeof name !== 'string') return name;
      const rules = rulesOf(name, info);
      return isEmpty(rules) ? name : afterwards(admit(rules, value, name, context, info, guard), name);
    };
    return isPromiseLike(resolved) ? Promise.resolve(resolved).then(go) : go(resolved);
  };
}

/**
 * Makes the function that finds the rules of an object type's values under a field that returns an abstract type.
 * Results are stored; the schema bounds their number.
 */
function createRulesOf({ elements, shadows }: Guard): (name: string, info: GraphQLResolveInfo) => ValueRules {
  const known = new Map<string, ValueRules>();
  return (name, { parentType, fieldName, schema }) => {
    const key = `${name} ${parentType.name}.${fieldName}`;
    const found = known.get(key);
    if (found) return found;
    const of = (from: Elements): RuleIds => [
      ...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),
    ];
    const rules = { enforced: of(elements), shadowed: of(shadows) };
    if (schema.getType(name)) known.set(key, rules); // An author's `resolveType` can return any name.
    return rules;
  };
}

/**
 * Decides the rules of a value. It returns, or resolves, if the value is allowed. It throws, or rejects, if the value
 * is denied.
 */
function admit(
  { enforced, shadowed }: ValueRules,
  value: unknown,
  type: string,
  context: unknown,
  info: GraphQLResolveInfo,
  { decide, deny, denyingOf, evidence, reportShadow }: Guard,
): MaybePromise<unknown> {
  const principal = principalOf(context);
  const place = { info, context, principal };
  const target = { ...place, parent: value, type, args: {}, coordinate: type };
  reportShadow(shadowed, type, target);
  const decision = decide(enforced, principal);
  if (decision === 'allow') return undefined;
  if (decision === 'deny') return deny.value(place, evidence.denying(enforced, principal), false);
  const denying = denyingOf(enforced, target);
  const go = (denied: readonly DeniedRule[]): MaybePromise<unknown> =>
    denied.length === 0 ? undefined : deny.value(place, denied, true);
  return isPromiseLike(denying) ? denying.then(go) : go(denying);
}

/** Returns the value as soon as it is allowed. */
function afterwards<T>(admitted: MaybePromise<unknown>, value: T): MaybePromise<T> {
  return isPromiseLike(admitted) ? Promise.resolve(admitted).then(() => value) : value;
}

function isEmpty({ enforced, shadowed }: ValueRules): boolean {
  return enforced.length === 0 && shadowed.length === 0;
}

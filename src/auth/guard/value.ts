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
import type { ElementRules } from '../rules/elements.ts';
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
 * Guards the values of a field that returns an object type. The guard decides the dynamic rules of that type after the
 * resolver has returned a value. The executor does not read the value before the decision.
 *
 * @returns the step for each value. `null`: the type has no dynamic rule
 */
export function guardValuesOf(type: string, field: GraphQLField<unknown, unknown>, guard: Guard): ResultStep | null {
  const returned = getNamedType(field.type);
  if (!isObjectType(returned)) return null;
  const dynamic = (elements: ElementRules): RuleIds =>
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
 * Makes the guard for the option `typeOf`, which finds the type of a value from the arguments. The guard decides the
 * rules of this type that depend only on the caller, before the resolver runs. If it decided them later, the caller
 * could learn which values of the type exist. A denial has the error that a denied value has.
 *
 * @returns a function that wraps a resolver with the guard. `null`: the option is not set
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
 * Guards the values of interfaces and unions. The guard decides the rules of a value's type after `resolveType` has
 * named the type. The executor does not read the value before the decision.
 */
export function guardAbstractTypes(schema: GraphQLSchema, guard: Guard): void {
  const guarded = abstractTypesWithRules(schema, guard);
  for (const type of guarded) guardAbstractType(type, guarded, guard);
}

/** Returns the interfaces and unions with rules for some of their values. */
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
    // The `resolveType` of another guarded type may call this function. The executor does not use the result of this
    // call, so no rule is decided.
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
 * Makes the function that finds the rules for a value of an object type. The field returns an abstract type. Results
 * are stored, and the schema bounds their number.
 */
function createRulesOf({ elements, shadows }: Guard): (name: string, info: GraphQLResolveInfo) => ValueRules {
  const known = new Map<string, ValueRules>();
  return (name, { parentType, fieldName, schema }) => {
    const key = `${name} ${parentType.name}.${fieldName}`;
    const found = known.get(key);
    if (found) return found;
    const of = (from: ElementRules): RuleIds => [
      ...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),
    ];
    const rules = { enforced: of(elements), shadowed: of(shadows) };
    if (schema.getType(name)) known.set(key, rules); // `resolveType` can return any name.
    return rules;
  };
}

/** Decides the rules of a value. If the value is denied, it throws or rejects. */
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

/** Returns the value, or a promise of the value if the decision is a promise. */
function afterwards<T>(admitted: MaybePromise<unknown>, value: T): MaybePromise<T> {
  return isPromiseLike(admitted) ? Promise.resolve(admitted).then(() => value) : value;
}

function isEmpty({ enforced, shadowed }: ValueRules): boolean {
  return enforced.length === 0 && shadowed.length === 0;
}

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
import type { Passage } from './results.ts';
import { isDynamic, type RuleIds } from '../rules/rule.ts';

/** The rules that a field has left to its values. */
interface Asked {
  readonly enforced: RuleIds;
  readonly shadowed: RuleIds;
}

/**
 * Guards the values of a field that returns an object type: what the field could not decide is decided as soon as its resolver
 * has returned a value, before the executor sees it.
 *
 * @returns what each value passes through; `null` where nothing has to be asked
 */
export function guardValuesOf(type: string, field: GraphQLField<unknown, unknown>, guard: Guard): Passage | null {
  const returned = getNamedType(field.type);
  if (!isObjectType(returned)) return null;
  const dynamic = (elements: Elements): RuleIds =>
    elements.returnRules(type, field.name).filter((id) => guard.rules[id] !== undefined && isDynamic(guard.rules[id]));
  const asked = { enforced: dynamic(guard.elements), shadowed: dynamic(guard.shadows) };
  if (isNothing(asked)) return null;
  return (value, context, info) => {
    // The executor makes an error or null of these.
    if (value === null || value === undefined || value instanceof Error) return value;
    return afterwards(admit(asked, value, returned.name, context, info, guard), value);
  };
}

/**
 * Makes the guard of a field whose arguments say which type its value has (`typeOf`): what the caller alone decides of that type is
 * decided before the field is resolved, with the same error as for a value. Otherwise a caller who may receive no value of the type
 * would learn which of them exist, and its resolver would run for that caller.
 *
 * @returns what puts the guard around a resolver; `null` where no field says its type
 */
export function guardForeseen(
  type: string,
  field: GraphQLField<unknown, unknown>,
  { typeOf, elements, decide, deny, evidence }: Guard,
): ((resolve: Resolver) => Resolver) | null {
  if (!typeOf) return null;
  const coordinate = `${type}.${field.name}`;
  return (resolve) => (source, args, context, info) => {
    const named = typeOf(coordinate, args);
    const rules = named === null ? [] : elements.typeRules(named);
    const principal = principalOf(context);
    if (decide(rules, principal) !== 'deny') return resolve(source, args, context, info);
    return deny.value({ info, context, principal }, evidence.denying(rules, principal), false);
  };
}

/**
 * Guards the values of interfaces and unions: the rules of a value's type are decided when `resolveType` has named it, before
 * the executor reads anything of the value. Types keep the `isTypeOf` of their authors, or none.
 */
export function guardAbstractTypes(schema: GraphQLSchema, guard: Guard): void {
  const guarded = abstractTypesWithRules(schema, guard);
  for (const type of guarded) guardAbstractType(type, guarded, guard);
}

/** The interfaces and unions that have values with rules. */
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
  const askedOf = createAsked(guard);
  type.resolveType = (value, context, info, abstractType) => {
    const resolved = resolveType(value, context, info, abstractType);
    // An author's `resolveType` may call the one of another type. Then that is no type resolution of the executor's.
    if (others.has(getNamedType(info.returnType).name)) return resolved;
    const go = (name: string | undefined): MaybePromise<string | undefined> => {
      if (typeof name !== 'string') return name;
      const asked = askedOf(name, info);
      return isNothing(asked) ? name : afterwards(admit(asked, value, name, context, info, guard), name);
    };
    return isPromiseLike(resolved) ? Promise.resolve(resolved).then(go) : go(resolved);
  };
}

/** Finds what values of an object type are asked under a field that returns an abstract type. It remembers: no more than the schema has. */
function createAsked({ elements, shadows }: Guard): (name: string, info: GraphQLResolveInfo) => Asked {
  const known = new Map<string, Asked>();
  return (name, { parentType, fieldName, schema }) => {
    const key = `${name} ${parentType.name}.${fieldName}`;
    const found = known.get(key);
    if (found) return found;
    const of = (from: Elements): RuleIds => [
      ...new Set([...from.returnRules(parentType.name, fieldName), ...from.typeRules(name)]),
    ];
    const asked = { enforced: of(elements), shadowed: of(shadows) };
    if (schema.getType(name)) known.set(key, asked); // An author's `resolveType` can name anything.
    return asked;
  };
}

/** Decides the rules of a value. @returns at once or later, where the value is allowed; it throws, or rejects, where it is not */
function admit(
  { enforced, shadowed }: Asked,
  value: unknown,
  type: string,
  context: unknown,
  info: GraphQLResolveInfo,
  { decide, deny, denyingOf, evidence, watch }: Guard,
): MaybePromise<unknown> {
  const principal = principalOf(context);
  const place = { info, context, principal };
  const subject = { ...place, parent: value, type, args: {}, coordinate: type };
  watch(shadowed, type, subject);
  const decision = decide(enforced, principal);
  if (decision === 'allow') return undefined;
  if (decision === 'deny') return deny.value(place, evidence.denying(enforced, principal), false);
  const denying = denyingOf(enforced, subject);
  const go = (denied: readonly DeniedRule[]): MaybePromise<unknown> =>
    denied.length === 0 ? undefined : deny.value(place, denied, true);
  return isPromiseLike(denying) ? denying.then(go) : go(denying);
}

/** Gives a value once it is allowed. */
function afterwards<T>(admitted: MaybePromise<unknown>, value: T): MaybePromise<T> {
  return isPromiseLike(admitted) ? Promise.resolve(admitted).then(() => value) : value;
}

function isNothing({ enforced, shadowed }: Asked): boolean {
  return enforced.length === 0 && shadowed.length === 0;
}

import {
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import { StartError } from '../errors.ts';
import { hasNames } from './directive-names.ts';
import { rootTypes } from './rules/root-types.ts';

const guarded = new WeakSet<GraphQLFieldResolver<unknown, unknown>>();

/** Marks the resolver of a root field as guarded. */
export function markGuarded(resolver: GraphQLFieldResolver<unknown, unknown>): void {
  guarded.add(resolver);
}

/**
 * Whether a schema is guarded, or was made from a guarded schema by a tool that copies the extensions of the schema or
 * the resolvers of its root fields.
 */
export function isGuarded(schema: GraphQLSchema): boolean {
  const fields = rootTypes(schema).flatMap((type) => Object.values(type.getFields()));
  return hasNames(schema) || fields.some(({ resolve }) => resolve && guarded.has(resolve));
}

const known = new WeakSet<GraphQLSchema>();

/**
 * Checks that the schema that a server executes is guarded. A copy of a guarded schema counts as guarded if the tool
 * that made it copied the extensions of the schema or the resolver of at least one root field. Does not find resolvers
 * that the tool replaced or added.
 *
 * @param name - the name of the function that the server uses
 * @param schema - the schema that the server executes
 * @throws StartError if the schema is not guarded. No operation may run in it
 */
export function checkServedSchema(name: string, schema: GraphQLSchema): void {
  if (known.has(schema)) return;
  if (!isGuarded(schema)) {
    throw new StartError([
      `${name}: the server executes a schema that is not guarded; give the server the member schema of what createGuardedSchema or createGuardedApi returned: guarded.schema`,
    ]);
  }
  known.add(schema);
}

/** The functions of a schema that can contain the guard, by their place in messages. */
type Functions = ReadonlyMap<string, unknown>;

/** The functions that the guard put into each schema. */
const placed = new WeakMap<GraphQLSchema, Functions>();

/** Calls a function that guards a schema, and remembers which functions of the schema it replaced. */
export function rememberGuards(schema: GraphQLSchema, guard: () => void): void {
  const before = [...slotsOf(schema)];
  guard();
  const guards = new Map<string, unknown>();
  for (const slot of before) {
    const placedNow: unknown = Reflect.get(slot.holder, slot.member);
    if (placedNow !== slot.value) guards.set(placeOf(slot), placedNow);
  }
  placed.set(schema, guards);
}

/**
 * Returns the places where a served schema does not have the guard that the guarded schema has. A tool replaced the
 * function there, for example a loader, or wrapped it, for example a cache. A root field that was added is returned too. Fields and types that the served schema does
 * not have are not returned.
 *
 * @param guarded - the schema of `createGuardedSchema`
 * @param served - the schema that the server executes
 */
function replacedGuards(guarded: GraphQLSchema, served: GraphQLSchema): readonly string[] {
  const found = functionsOf(served);
  const guards = placed.get(guarded) ?? new Map<string, unknown>();
  const replaced = [...guards].filter(([place, guard]) => found.has(place) && found.get(place) !== guard);
  const known = functionsOf(guarded);
  const roots = rootTypes(served).flatMap((type) =>
    Object.keys(type.getFields()).map((name) => `${type.name}.${name}`),
  );
  return [...replaced.map(([place]) => place), ...roots.filter((place) => !known.has(place))];
}

const complete = new WeakMap<GraphQLSchema, GraphQLSchema>();

/**
 * Checks that a served schema has each guard that the guarded schema has. A schema that passed is not checked again.
 *
 * @param guarded - the schema of `createGuardedSchema`
 * @param served - the schema that the server executes
 * @throws StartError with the first 5 places without the guard
 */
export function checkGuards(guarded: GraphQLSchema, served: GraphQLSchema): void {
  if (complete.get(served) === guarded) return;
  const places = replacedGuards(guarded, served);
  if (places.length > 0) {
    const more = places.length > 5 ? ` and ${places.length - 5} more` : '';
    throw new StartError([
      `the served schema does not have the guard at ${places.slice(0, 5).join(', ')}${more}: a resolver was replaced, wrapped or added after the schema was guarded; expected the schema as createGuardedSchema returned it; give resolvers before the schema is guarded, and wrap them in its option prepare`,
    ]);
  }
  complete.set(served, guarded);
}

function functionsOf(schema: GraphQLSchema): Functions {
  return new Map([...slotsOf(schema)].map((slot) => [placeOf(slot), slot.value]));
}

/** A member of a type or of a field that can hold a function of the guard. */
interface Slot {
  readonly holder: object;
  readonly member: 'resolve' | 'subscribe' | 'resolveType';
  readonly value: unknown;
  readonly type: string;
  /** Empty: the slot belongs to the type. */
  readonly field: string;
}

function* slotsOf(schema: GraphQLSchema): Iterable<Slot> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    const { name } = type;
    if (isAbstractType(type)) {
      yield { holder: type, member: 'resolveType', value: type.resolveType, type: name, field: '' };
    }
    if (!isObjectType(type)) continue;
    for (const [field, holder] of Object.entries(type.getFields())) {
      yield { holder, member: 'resolve', value: holder.resolve, type: name, field };
      yield { holder, member: 'subscribe', value: holder.subscribe, type: name, field };
    }
  }
}

/** Returns the place of a slot in messages. */
function placeOf({ member, type, field }: Slot): string {
  if (member === 'resolveType') return `resolveType of ${type}`;
  return member === 'resolve' ? `${type}.${field}` : `subscribe of ${type}.${field}`;
}

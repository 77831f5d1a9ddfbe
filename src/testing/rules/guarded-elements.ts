import { type GraphQLSchema, isInterfaceType, isIntrospectionType, isObjectType } from 'graphql';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { compileElements } from '../../auth/rules/elements.ts';
import { rootTypes } from '../../auth/rules/root-types.ts';
import type { Rule } from '../../auth/rules/rule.ts';

/** The part of a guarded schema that has its rules. */
export type RuledSchema = Pick<GuardedSchema, 'schema' | 'rules'>;

/** Whether the elements of a rule are listed. */
export type IncludesRule = (rule: Rule) => boolean;

/** The elements of a schema, by coordinate, with the ENFORCE rules that hold there. An element may have no rule. */
export type RuledElements = ReadonlyMap<string, readonly Rule[]>;

const known = new WeakMap<GraphQLSchema, RuledElements>();

/**
 * Returns the elements of a schema with their rules, inherited rules included: the rules of the interfaces of a type, and
 * of the root type of a field. The rules of the type that a field returns are rules of this type. It lists each type,
 * field, argument, input field and enum value.
 */
export function ruledElements({ schema, rules }: RuledSchema): RuledElements {
  let elements = known.get(schema);
  if (!elements) {
    elements = new Map(findElements(schema, rules));
    known.set(schema, elements);
  }
  return elements;
}

function* findElements(schema: GraphQLSchema, all: readonly Rule[]): Iterable<[string, readonly Rule[]]> {
  const enforced = all.filter(({ mode }) => mode === 'ENFORCE');
  const carried = Map.groupBy(enforced, ({ coordinate }) => coordinate);
  const carriedBy = (...coordinates: readonly string[]) => coordinates.flatMap((one) => carried.get(one) ?? []);
  const compiled = compileElements(schema, enforced);
  const withIds = (ids: readonly number[]) => ids.flatMap((id) => all[id] ?? []);
  const roots = new Set<unknown>(rootTypes(schema));
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    const isFielded = isObjectType(type) || isInterfaceType(type);
    // The rules of a root type are rules of each of its fields.
    if (!roots.has(type)) yield [type.name, isFielded ? withIds(compiled.typeRules(type.name)) : carriedBy(type.name)];
    if (!isFielded) {
      const members = 'getFields' in type ? Object.keys(type.getFields()) : [];
      const values = 'getValues' in type ? type.getValues().map(({ name }) => name) : [];
      for (const name of [...members, ...values]) yield [`${type.name}.${name}`, carriedBy(`${type.name}.${name}`)];
      continue;
    }
    const holders = [type, ...type.getInterfaces()].map(({ name }) => name);
    for (const field of Object.values(type.getFields())) {
      yield [`${type.name}.${field.name}`, withIds(compiled.ownRules(type.name, field.name))];
      for (const { name } of field.args) {
        const places = holders.map((holder) => `${holder}.${field.name}(${name}:)`);
        yield [`${type.name}.${field.name}(${name}:)`, carriedBy(...places)];
      }
    }
  }
}

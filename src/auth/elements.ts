import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { rootTypes } from './closed.ts';
import type { Rule } from './rule.ts';

/** Numbers of the rules that meet at an element, ascending. */
export type RuleIds = readonly number[];

const none: RuleIds = [];

/** Which rules meet where. Types are asked for by name, so that a copy of the schema is answered too. */
export interface Elements {
  /** What reading the field of an object type takes; nothing that is known only from its value. */
  fieldRules(type: string, field: string): RuleIds;
  /** What a value of the object type takes, wherever one is produced. */
  typeRules(type: string): RuleIds;
}

/** Finds the rules of every element of a schema, inherited ones included. */
export function compileElements(schema: GraphQLSchema, rules: readonly Rule[]): Elements {
  const byCoordinate = Map.groupBy(rules, (rule) => rule.coordinate);
  const roots = new Set<string>(rootTypes(schema).map((type) => type.name));
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);

  const carriedBy = (coordinate: string): RuleIds => byCoordinate.get(coordinate)?.map((rule) => rule.id) ?? none;
  const ofType = new Map(types.map((type) => [type.name, ascending(carriedBy(type.name))]));
  const ofField = new Map(types.flatMap((type) => Object.keys(type.getFields()).map((field) => compile(type, field))));

  function compile(type: GraphQLObjectType, name: string): [string, RuleIds] {
    const field = type.getFields()[name];
    // Where the type is abstract, its values' types say more, once they are known.
    const returned = field && getNamedType(field.type);
    return [
      `${type.name}.${name}`,
      ascending([
        ...carriedBy(`${type.name}.${name}`),
        ...type.getInterfaces().flatMap((parent) => carriedBy(`${parent.name}.${name}`)),
        ...(roots.has(type.name) ? carriedBy(type.name) : none),
        ...(isObjectType(returned) ? carriedBy(returned.name) : none),
      ]),
    ];
  }

  return {
    fieldRules: (type, field) => ofField.get(`${type}.${field}`) ?? none,
    typeRules: (type) => ofType.get(type) ?? none,
  };
}

function ascending(ids: RuleIds): RuleIds {
  return ids.length === 0 ? none : [...new Set(ids)].sort((a, b) => a - b);
}

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { RulesByCoordinate, SchemaRule } from './schema-rules.ts';

/** A field or an argument of the documentation. */
export type DocumentedField = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument;

/** Finds the rules of the elements that the documentation shows. */
export interface ElementRules {
  readonly ofType: (type: string) => readonly SchemaRule[];
  /** The rules of a member and of its counterparts in interfaces: a field, an input field or an enum value. */
  readonly ofMember: (type: string, member: string) => readonly SchemaRule[];
  readonly ofArgument: (type: string, field: string, argument: string) => readonly SchemaRule[];
}

/**
 * Makes the function that finds rules for display. An element also has the rules of the same element in each interface
 * of its type.
 */
export function createElementRules(schema: GraphQLSchema, rules: RulesByCoordinate): ElementRules {
  const carriers = (type: string): readonly string[] => carriersOf(schema, type);
  const find = (type: string, rest: string): readonly SchemaRule[] =>
    carriers(type).flatMap((carrier) => rules.get(`${carrier}${rest}`) ?? []);
  return {
    ofType: (type) => find(type, ''),
    ofMember: (type, member) => find(type, `.${member}`),
    ofArgument: (type, field, argument) => find(type, `.${field}(${argument}:)`),
  };
}

/** A type and its interfaces. */
function carriersOf(schema: GraphQLSchema, name: string): readonly string[] {
  const type = schema.getType(name);
  if (!isObjectType(type) && !isInterfaceType(type)) return [name];
  return [name, ...type.getInterfaces().map((parent) => parent.name)];
}

/**
 * The types whose rules are needed to document a type: itself and its interfaces. The page of a field also loads the
 * type of its value. The types of all fields are not loaded, because a root type may have 10,000 fields.
 */
export function typesToLoad(schema: GraphQLSchema, type: GraphQLNamedType): readonly string[] {
  return carriersOf(schema, type.name).filter((name) => !builtIn.has(name));
}

const builtIn = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);

const ownersOf = new WeakMap<GraphQLSchema, WeakMap<DocumentedField, string>>();

/** Returns the name of the type that has a field. `null`: the schema does not have this field object. */
export function ownerOf(schema: GraphQLSchema, field: DocumentedField): string | null {
  let owners = ownersOf.get(schema);
  if (!owners) {
    owners = new WeakMap();
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) owners.set(field, type.name);
    }
    ownersOf.set(schema, owners);
  }
  return owners.get(field) ?? null;
}

/**
 * Returns a description without the paragraph about its rules, which Claimgate appends. The badge shows the same rules.
 * Only the exact paragraph of these rules is removed.
 */
export function withoutRules(
  description: string | null | undefined,
  rules: readonly SchemaRule[],
  coordinate: string,
): string {
  const text = description ?? '';
  // The server appends the rules of the element itself, without those of interfaces.
  const own = rules.filter((rule) => !rule.shadow && rule.coordinate === coordinate);
  const enforced = [...new Set(own.map(({ words }) => words))];
  const paragraph = `Requires ${enforced.join('; and ')}.`;
  return enforced.length > 0 && text.endsWith(paragraph) ? text.slice(0, -paragraph.length).trimEnd() : text;
}

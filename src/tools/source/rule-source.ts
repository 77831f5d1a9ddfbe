import {
  type ASTNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNamedType,
  isObjectType,
} from 'graphql';
import type { GuardedSchema } from '../../auth/guarded-schema.ts';
import { compileElements } from '../../auth/rules/elements.ts';
import { rootTypes } from '../../auth/rules/root-types.ts';
import type { Rule } from '../../auth/rules/rule.ts';
import { type Place, placeOfNode } from '../report/fault.ts';

/** A schema with its rules, as every command of this room reads it. */
export interface RuleSource {
  /** How the source was named, for messages: a path, a URL, or the project. */
  readonly name: string;
  /** The schema. It is not executed, so its resolvers do not count. */
  readonly schema: GraphQLSchema;
  /** Every rule of the schema. The index of a rule is its number. */
  readonly rules: readonly Rule[];
  /** The coordinates of the root fields that are public on purpose. */
  readonly publicFields: ReadonlySet<string>;
  /** Why Claimgate would not start with this schema, one line each. A schema for another server can have such faults. */
  readonly startFaults: readonly string[];
}

/**
 * Makes the source of a guarded schema. Its root fields without a rule are public on purpose, because a guarded schema
 * has no other ones.
 */
export function sourceOfGuarded(name: string, { schema, rules }: Pick<GuardedSchema, 'schema' | 'rules'>): RuleSource {
  return { name, schema, rules, publicFields: rootFieldsWithoutRule(schema, rules), startFaults: [] };
}

/** Returns the coordinates of the root fields for which no ENFORCE rule holds. */
export function rootFieldsWithoutRule(schema: GraphQLSchema, rules: readonly Rule[]): ReadonlySet<string> {
  const elements = compileElements(
    schema,
    rules.filter(({ mode }) => mode === 'ENFORCE'),
  );
  return new Set(
    rootTypes(schema).flatMap((type) =>
      Object.keys(type.getFields())
        .filter((field) => elements.ownRules(type.name, field).length === 0)
        .map((field) => `${type.name}.${field}`),
    ),
  );
}

/** Returns the place where an element is defined. `null`: it is not known, for example for a running server. */
export function placeOf({ schema }: Pick<RuleSource, 'schema'>, coordinate: string): Place | null {
  const element = elementAt(schema, coordinate);
  return placeOfNode(element?.astNode ?? (isNamedType(element) ? element.extensionASTNodes[0] : null));
}

/** The part of an element that its place needs. */
type Element = GraphQLNamedType | { readonly astNode?: ASTNode | null | undefined };

/**
 * Returns the element at a coordinate: `Type`, `Type.member` or `Type.field(argument:)`. `undefined`: the schema does not
 * have it.
 */
export function elementAt(schema: GraphQLSchema, coordinate: string): Element | undefined {
  const [, typeName = '', member, argument] = /^(\w+)(?:\.(\w+)(?:\((\w+):\))?)?$/.exec(coordinate) ?? [];
  const type = schema.getType(typeName);
  if (!type || member === undefined) return type;
  if (isEnumType(type)) return type.getValue(member) ?? undefined;
  if (isInputObjectType(type)) return type.getFields()[member];
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const field = type.getFields()[member];
  return argument === undefined ? field : field?.args.find(({ name }) => name === argument);
}

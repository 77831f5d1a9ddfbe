import {
  type ConstValueNode,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isSpecifiedDirective,
  Kind,
  valueFromAST,
} from 'graphql';
import { faultAt, moduleOf } from '../modules/fault.ts';

type Input = GraphQLArgument | GraphQLInputField;

/**
 * Reads the default values of arguments and input fields from the SDL again. Enums must already have their internal
 * values, and scalars must have their functions. graphql-tools also reads default values again, but not the values
 * inside an object or a list. Without this function, a resolver would receive the default `{ colour: RED }` with the
 * name `RED` instead of the internal value. The guard would not find the rules on the value, and introspection would
 * fail.
 *
 * A default value gets the defaults of the fields that it leaves out. Therefore these defaults are read first.
 *
 * @param schema - changed in place
 * @param faults - a line is added for each default that does not have the declared type. graphql-js would silently
 * ignore this default
 */
export function readDefaults(schema: GraphQLSchema, faults: string[]): void {
  // No default value contains itself, because `buildDocument` refuses this schema.
  const begun = new Set<Input>();

  function read(input: Input, coordinate: string): void {
    const written = input.astNode?.defaultValue;
    if (!written || begun.has(input)) return;
    begun.add(input);
    readWithin(written, input.type);
    const value = valueFromAST(written, input.type);
    if (value !== undefined) input.defaultValue = value;
    else {
      const fault = `has a default that is not of the type ${String(input.type)}; give it a value of that type, or none`;
      faults.push(faultAt(coordinate, [moduleOf(input.astNode)], fault));
    }
  }

  /** Reads the defaults of the fields that a value leaves out. */
  function readWithin(written: ConstValueNode, declared: GraphQLInputType): void {
    const type = getNullableType(declared);
    if (isListType(type)) {
      // A single value counts as a list of one item.
      for (const item of written.kind === Kind.LIST ? written.values : [written]) readWithin(item, type.ofType);
    }
    if (!isInputObjectType(type) || written.kind !== Kind.OBJECT) return;
    const members = new Map(written.fields.map(({ name, value }) => [name.value, value]));
    for (const field of Object.values(type.getFields())) {
      const member = members.get(field.name);
      if (member) readWithin(member, field.type);
      else read(field, `${type.name}.${field.name}`);
    }
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) read(field, `${type.name}.${field.name}`);
    }
    if (!(isObjectType(type) || isInterfaceType(type)) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      for (const argument of field.args) read(argument, `${type.name}.${field.name}(${argument.name}:)`);
    }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    for (const argument of directive.args) read(argument, `@${directive.name}(${argument.name}:)`);
  }
}

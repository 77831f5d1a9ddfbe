import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  valueFromAST,
} from 'graphql';
import { faultAt, moduleOf } from '../modules/fault.ts';

/**
 * Reads the defaults of arguments and input fields from their SDL again, now that enums have their internal values and scalars their
 * functions. graphql-tools does so for a value and not for what is within it: `{ colour: RED }` would reach a resolver with the name of
 * the value, rules on the value would not find it, and introspection would fail.
 *
 * @param schema it is changed
 * @param faults where a default that is not of its type is added, which graphql-js drops in silence
 */
export function readDefaults(schema: GraphQLSchema, faults: string[]): void {
  const done = new Set<GraphQLInputObjectType>();

  function readFields(type: GraphQLInputObjectType): void {
    if (done.has(type)) return;
    done.add(type);
    for (const field of Object.values(type.getFields())) read(field, `${type.name}.${field.name}`);
  }

  function read(input: GraphQLArgument | GraphQLInputField, coordinate: string): void {
    const type = getNamedType(input.type);
    // A default is completed with the defaults of the fields that it leaves out.
    if (isInputObjectType(type)) readFields(type);
    const written = input.astNode?.defaultValue;
    if (!written) return;
    const value = valueFromAST(written, input.type);
    if (value !== undefined) input.defaultValue = value;
    else {
      const fault = `has a default that is not of the type ${String(input.type)}; give it a value of that type, or none`;
      faults.push(faultAt(coordinate, [moduleOf(input.astNode)], fault));
    }
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) readFields(type);
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

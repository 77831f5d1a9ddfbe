import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  type ValueNode,
  type VariableNode,
} from 'graphql';
import { namesInSchema } from '../../../auth/directive-names.ts';
import { carriesDirective } from '../../../auth/given/directed.ts';

/**
 * Whether an argument or input field is marked `@sensitive`, in the SDL or in its `extensions`.
 *
 * @param directive - the name of `@sensitive` in the schema
 */
export function isSensitive(element: GraphQLArgument | GraphQLInputField, directive: string): boolean {
  return carriesDirective(element, directive);
}

/** Returns the coordinates of all arguments and input fields that are marked `@sensitive`. */
export function sensitiveCoordinates(schema: GraphQLSchema): readonly string[] {
  const { sensitive } = namesInSchema(schema);
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => isSensitive(field, sensitive));
      return fields.map(({ name }) => `${type.name}.${name}`);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      field.args
        .filter((argument) => isSensitive(argument, sensitive))
        .map(({ name }) => `${type.name}.${field.name}(${name}:)`),
    );
  });
}

/**
 * Yields each literal, `null` and variable in a value, also inside lists and objects. It does not recurse, because the
 * client chooses the depth of the value. Deep recursion would exhaust the call stack.
 */
export function* leavesOf(value: ValueNode): Generator<ValueNode> {
  const rest = [value];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (next.kind === Kind.LIST) {
      for (const item of next.values) rest.push(item);
    } else if (next.kind === Kind.OBJECT) {
      for (const field of next.fields) rest.push(field.value);
    } else {
      yield next;
    }
  }
}

/** Whether a value is a variable. */
export function isVariableNode(value: ValueNode): value is VariableNode {
  return value.kind === Kind.VARIABLE;
}

/** Whether a value holds a literal of the document. `null` discloses nothing and does not count. */
export function holdsLiteral(value: ValueNode): boolean {
  return leavesOf(value).some((leaf) => leaf.kind !== Kind.VARIABLE && leaf.kind !== Kind.NULL);
}

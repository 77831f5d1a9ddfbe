import { type GraphQLArgument, type GraphQLInputField, Kind, type ValueNode, type VariableNode } from 'graphql';

/**
 * Whether an argument or input field is marked `@sensitive`.
 *
 * @param directive - what `@sensitive` is called in its schema
 */
export function isSensitive(element: GraphQLArgument | GraphQLInputField, directive: string): boolean {
  return element.astNode?.directives?.some(({ name }) => name.value === directive) ?? false;
}

/** Every value within a value that has no parts of its own: literals, `null` and variables. Values nest as deep as the caller likes. */
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

export function isVariable(value: ValueNode): value is VariableNode {
  return value.kind === Kind.VARIABLE;
}

/** Whether something is written out in the document. `null` gives nothing away. */
export function holdsLiteral(value: ValueNode): boolean {
  return leavesOf(value).some((leaf) => leaf.kind !== Kind.VARIABLE && leaf.kind !== Kind.NULL);
}

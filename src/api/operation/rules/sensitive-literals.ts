import {
  type ASTVisitor,
  type ConstValueNode,
  type GraphQLArgument,
  GraphQLError,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValueNode,
  type VariableNode,
} from 'graphql';
import { namesInSchema } from '../../../auth/directive-names.ts';
import { type ErrorCode } from '../../../errors.ts';
import { holdsLiteral, isSensitive, isVariableNode, leavesOf } from './sensitive.ts';

/**
 * Refuses literals, except `null`, for arguments and input fields that are `@sensitive`. Their values must be sent in
 * variables. Servers, proxies and browsers log, cache and trace query texts and put them in URLs. The default value of
 * a variable for a sensitive input is refused too.
 */
export function SensitiveLiteralsRule(context: ValidationContext): ASTVisitor {
  const { sensitive } = namesInSchema(context.getSchema());
  const secretUses = new Set<VariableNode>();

  function check(
    element: GraphQLArgument | GraphQLInputField | undefined | null,
    name: NameNode,
    value: ValueNode,
  ): void {
    if (!element || !isSensitive(element, sensitive)) return;
    if (holdsLiteral(value)) refuse(name);
    for (const variable of leavesOf(value).filter(isVariableNode)) secretUses.add(variable);
  }

  function checkDefaults(operation: OperationDefinitionNode): void {
    const defaults = new Map<string, ConstValueNode>();
    for (const { variable, defaultValue } of operation.variableDefinitions ?? []) {
      if (defaultValue && holdsLiteral(defaultValue)) defaults.set(variable.name.value, defaultValue);
    }
    if (defaults.size === 0) return;
    const secret = new Set<string>();
    for (const { node } of context.getRecursiveVariableUsages(operation)) {
      if (secretUses.has(node)) secret.add(node.name.value);
    }
    for (const { variable } of operation.variableDefinitions ?? []) {
      if (defaults.has(variable.name.value) && secret.has(variable.name.value)) refuse(variable.name);
    }
  }

  function refuse(name: NameNode): void {
    const code: ErrorCode = 'SENSITIVE_LITERAL';
    const message = `"${name.value}" is a secret: pass it as a variable without a default, never in the query text.`;
    context.reportError(new GraphQLError(message, { nodes: name, extensions: { code } }));
  }

  return {
    Argument: (node) => check(context.getArgument(), node.name, node.value),
    ObjectField(node) {
      const parent = getNamedType(context.getParentInputType());
      check(isInputObjectType(parent) ? parent.getFields()[node.name.value] : null, node.name, node.value);
    },
    Document: {
      // Every fragment has been visited by now.
      leave({ definitions }) {
        for (const definition of definitions) {
          if (definition.kind === Kind.OPERATION_DEFINITION) checkDefaults(definition);
        }
      },
    },
  };
}

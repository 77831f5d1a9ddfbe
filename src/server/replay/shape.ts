import { createHash } from 'node:crypto';
import {
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  getNullableType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  parseType,
  print,
  stripIgnoredCharacters,
  TypeInfo,
  type ValueNode,
  type VariableDefinitionNode,
  type VariableNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { fragmentsOf } from '../../auth/plan/fragments.ts';
import type { StoredShape } from '../../store/recorded/write.ts';
import { createDistinct } from './distinct-values.ts';

/** The largest shape, in characters, and the longest name of an operation that stays in it. */
export const shapeBounds = { characters: 16_384, operationName: 200 } as const;

/**
 * Returns an operation without its literals, and without the names that the client chose, except the name of the operation.
 * It selects and supplies the same elements of the schema.
 *
 * - A string, a number and a boolean become an empty one of their kind.
 * - A value of a scalar of the team becomes a variable.
 * - Enum values stay, because they are elements of the schema. `true` and `false` of `@skip` and `@include` stay.
 * - Lists keep one of several items that became equal.
 *
 * @param document - a valid document
 * @param rulesField - the name of `schemaRules`, which tools read beside introspection. Default: the schema has none
 * @returns `too large` for a shape beyond `shapeBounds`. `null` if the document does not have the operation, or if the
 *   operation selects only `__typename`, the schema itself and its rules
 */
export function shapeOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  rulesField?: string,
): StoredShape | 'too large' | null {
  const operation = getOperationAST(document, operationName);
  if (!operation || !selectsFields(operation, rulesField)) return null;
  const name = operation.name?.value ?? null;
  if (name !== null && name.length > shapeBounds.operationName) return 'too large';
  const used: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...reachable(operation, document)] };
  const text = stripIgnoredCharacters(print(withoutLiterals(schema, used)));
  if (text.length > shapeBounds.characters) return 'too large';
  const id = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return { id, operationName: name, document: text };
}

function selectsFields({ operation, selectionSet }: OperationDefinitionNode, rulesField: string | undefined): boolean {
  const ofRules = operation === OperationTypeNode.QUERY ? rulesField : undefined;
  return selectionSet.selections.some(
    (one) => one.kind !== Kind.FIELD || !(one.name.value.startsWith('__') || one.name.value === ofRules),
  );
}

/** Returns the fragments that an operation spreads, directly or in another fragment. */
function reachable(operation: OperationDefinitionNode, document: DocumentNode): readonly FragmentDefinitionNode[] {
  const all = fragmentsOf(document);
  const found = new Set<FragmentDefinitionNode>();
  const open: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (const node of open) {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = all[name.value];
        if (!fragment || found.has(fragment)) return;
        found.add(fragment);
        open.push(fragment);
      },
    });
  }
  return [...found];
}

const empty: ConstValueNode = { kind: Kind.STRING, value: '' };

/** Whether a type is a scalar of the team. The content of its values is not a part of the schema. */
function isOwnScalar(type: GraphQLType | null | undefined): boolean {
  return isScalarType(type) && !isSpecifiedScalarType(type);
}

/** Replaces the literals, and the names that the client chose by numbers in the order of the document. */
function withoutLiterals(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const types = new TypeInfo(schema);
  /** The variables that stand for values of scalars of the team, by their type. */
  const variables = new Map<string, VariableNode>();
  const named = createNames();
  const distinct = createDistinct();
  let inCondition = 0;
  let isInDefault = false;
  let isDefaultDropped = false;

  /** Replaces a value of a scalar of the team by a variable of this type. A default value cannot have a variable. */
  function ofScalar(type: GraphQLInputType | null | undefined, isOwn: boolean): ValueNode | undefined {
    if (!isOwn) return undefined;
    if (isInDefault) {
      isDefaultDropped = true;
      return empty;
    }
    const written = `${String(getNullableType(type))}!`;
    const variable = variables.get(written) ?? { kind: Kind.VARIABLE, name: named('value', written) };
    variables.set(written, variable);
    return variable;
  }
  /** A value that is no list stands for a list of one item too (GraphQL §3.11). */
  const whole = (): ValueNode | undefined => {
    const type = types.getInputType();
    return ofScalar(type, isOwnScalar(getNamedType(type)));
  };
  const wholeList = (): ValueNode | undefined => {
    // In a list, the type of an item is the present type.
    const type = types.getParentInputType() as GraphQLInputType | null | undefined;
    return ofScalar(type, isOwnScalar(getNullableType(type)));
  };
  /** Replaces a value that names no elements of the schema. */
  const unless = (isElement: boolean): ValueNode | undefined => whole() ?? (isElement ? undefined : empty);

  const changed: DocumentNode = visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => (node.alias ? { ...node, alias: named('alias', node.alias.value) } : undefined),
      Variable: (node) => ({ ...node, name: named('variable', node.name.value) }),
      FragmentSpread: (node) => ({ ...node, name: named('part', node.name.value) }),
      FragmentDefinition: (node) => ({ ...node, name: named('part', node.name.value) }),
      Directive: {
        enter: ({ name }) => void (inCondition += isCondition(name.value) ? 1 : 0),
        leave: ({ name }) => void (inCondition -= isCondition(name.value) ? 1 : 0),
      },
      VariableDefinition: {
        enter: () => {
          isInDefault = true;
          isDefaultDropped = false;
        },
        leave(node) {
          isInDefault = false;
          if (!isDefaultDropped) return undefined;
          const { defaultValue: _, ...required } = node;
          const type =
            node.type.kind === Kind.NON_NULL_TYPE ? node.type : { kind: Kind.NON_NULL_TYPE, type: node.type };
          return { ...required, type };
        },
      },
      IntValue: () => whole() ?? { kind: Kind.INT, value: '0' },
      FloatValue: () => whole() ?? { kind: Kind.FLOAT, value: '0.0' },
      StringValue: () => whole() ?? empty,
      BooleanValue: (node) => (inCondition > 0 ? undefined : (whole() ?? { ...node, value: false })),
      EnumValue: () => unless(isEnumType(getNamedType(types.getInputType()))),
      ObjectValue: { enter: () => unless(isInputObjectType(getNamedType(types.getInputType()))) },
      ListValue: {
        enter: wholeList,
        leave: (node) => ({ ...node, values: distinct(node.values) }),
      },
    }),
  );
  // Without a replaced value, every variable is still used.
  return variables.size === 0 ? changed : withoutUnusedVariables(withVariables(changed, variables));
}

function withVariables(document: DocumentNode, variables: ReadonlyMap<string, VariableNode>): DocumentNode {
  const added = [...variables].map(
    ([type, variable]): VariableDefinitionNode => ({ kind: Kind.VARIABLE_DEFINITION, variable, type: parseType(type) }),
  );
  const definitions = document.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? { ...node, variableDefinitions: [...(node.variableDefinitions ?? []), ...added] }
      : node,
  );
  return { kind: Kind.DOCUMENT, definitions };
}

function isCondition(directive: string): boolean {
  return directive === 'skip' || directive === 'include';
}

/** Makes the function that replaces names of one kind by numbers. */
function createNames(): (kind: string, name: string) => NameNode {
  const names = new Map<string, Map<string, NameNode>>();
  return (kind, name) => {
    const known = names.get(kind) ?? new Map<string, NameNode>();
    names.set(kind, known);
    const made = known.get(name) ?? { kind: Kind.NAME, value: `${kind}_${known.size}` };
    known.set(name, made);
    return made;
  };
}

/** Leaves out the variables that were used only in values that were replaced. */
function withoutUnusedVariables(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return visit(document, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
    SelectionSet: () => false,
  });
}

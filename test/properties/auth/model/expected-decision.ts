import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { depthOf } from '../generate/deep.ts';
import { inputDepth, type Question, variablesOf } from '../generate/document.ts';
import type { Model } from './model.ts';
import { couldHold, type Rule } from './rules.ts';
import { makeRoot } from '../generate/values.ts';
import type { Shape } from '../generate/shape.ts';

/** The expected decision over an operation, before any part of it runs. */
export interface ExpectedDecision {
  /**
   * `wrong`: a variable is not of its type. `unjudged`: an argument is not of its type. `deep`: an argument is too
   * deep.
   */
  readonly kind: 'run' | 'refuse' | 'wrong' | 'unjudged' | 'deep';
  /** The rules that refuse it. */
  readonly rules: readonly Rule[];
  /** Whether a root field of a mutation is denied, by any rule. */
  readonly deniedRoot: boolean;
  /**
   * Whether the operation selects a field of an interface that no type implements. No value of this field can exist.
   */
  readonly hasUnreachable: boolean;
}

/**
 * Decides an operation by walking its document. A query is refused if each of its root fields is denied. A mutation is
 * refused if a field in it is denied for every type that a value there can have.
 */
export function expectedDecision(question: Question, { plain, elements }: Model, shape: Shape): ExpectedDecision {
  const document = parse(question.document);
  const operation = getOperationAST(document, question.operationName);
  if (!operation) throw new Error('the document has no such operation');
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const { coerced } = getVariableValues(plain, operation.variableDefinitions ?? [], variablesOf(question));
  if (!coerced) return { kind: 'wrong', rules: [], deniedRoot: false, hasUnreachable: false };
  const root = plain.getRootType(operation.operation);
  if (!root) throw new Error('the schema has no such operations');
  const { caller } = question;
  let hasUnreachable = false;
  let unjudged: 'unjudged' | 'deep' | null = null;

  const included = (node: SelectionNode): boolean =>
    getDirectiveValues(GraphQLSkipDirective, node, coerced)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, node, coerced)?.['if'] !== false;

  /** Yields the fields of a selection set, with the possible types of the value there. */
  function* fieldsIn(
    set: SelectionSetNode,
    possible: readonly GraphQLObjectType[],
  ): Iterable<readonly [FieldNode, typeof possible]> {
    for (const node of set.selections.filter(included)) {
      if (node.kind === Kind.FIELD) {
        yield [node, possible];
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (!fragment) continue;
      const condition = fragment.typeCondition && plain.getType(fragment.typeCondition.name.value);
      const left = possible.filter((type) => !condition || isOf(plain, condition, type));
      if (left.length > 0) yield* fieldsIn(fragment.selectionSet, left);
    }
  }

  function argumentsOf(type: GraphQLObjectType, node: FieldNode): Readonly<Record<string, unknown>> | null {
    const field = type.getFields()[node.name.value];
    try {
      const args = field ? getArgumentValues(field, node, coerced ?? {}) : {};
      // The object that holds all arguments is not itself an argument.
      if (depthOf(args) > inputDepth + 1) unjudged = 'deep';
      return args;
    } catch {
      unjudged ??= 'unjudged';
      return null;
    }
  }

  const ofValue = (type: GraphQLObjectType): readonly Rule[] =>
    type === root ? [] : elements.typeRules(type).filter((rule) => !couldHold(rule, caller));

  function denying(parent: GraphQLObjectType, node: FieldNode): readonly Rule[] {
    const field = parent.getFields()[node.name.value];
    const args = argumentsOf(parent, node);
    return [...ofValue(parent), ...(field ? elements.denyingField({ parent, field, args: args ?? {} }, caller) : [])];
  }

  /** Returns the rules that deny a field of a selection set, or a field below it. */
  function* deniedIn(set: SelectionSetNode, possible: readonly GraphQLObjectType[]): Iterable<readonly Rule[]> {
    for (const [node, types] of fieldsIn(set, possible)) {
      const inside = types.flatMap((type) => possibleOf(plain, type, node.name.value));
      // For each type of the parent: the type denies the field, or every possible type of the field's value denies it.
      const rules = types.map((type) => {
        const own = denying(type, node);
        const values = possibleOf(plain, type, node.name.value).map(ofValue);
        return own.length > 0 || values.some((of) => of.length === 0) ? own : values.flat();
      });
      if (rules.every((of) => of.length > 0)) yield rules.flat();
      if (!node.selectionSet) continue;
      if (inside.length === 0) hasUnreachable = true;
      if (inside.length === 0) continue;
      yield* deniedIn(node.selectionSet, [...new Set(inside)]);
    }
  }

  const roots = [...fieldsIn(operation.selectionSet, [root])]
    .map(([node]) => node)
    .filter(({ name }) => name.value !== '__typename');
  const mutation = operation.operation === OperationTypeNode.MUTATION;
  const ofRoots = roots.map((node) => denying(root, node));
  const rootUnjudged = unjudged;
  const anywhere = [...deniedIn(operation.selectionSet, [root])];
  // A query is judged by its root fields.
  if (!mutation && unjudged === 'unjudged') unjudged = rootUnjudged;
  const denied = mutation ? anywhere : ofRoots;
  const refused = mutation ? denied.length > 0 : denied.length > 0 && denied.every((rules) => rules.length > 0);
  const source = makeRoot(shape, [], true);
  const deniedRoot = roots.some((node) => {
    const field = root.getFields()[node.name.value];
    return (
      field && !elements.mayReadField({ parent: root, field, source, args: argumentsOf(root, node) ?? {} }, caller)
    );
  });
  return {
    kind: unjudged ?? (refused ? 'refuse' : 'run'),
    rules: denied.flat(),
    deniedRoot: mutation && deniedRoot,
    hasUnreachable,
  };
}

function isOf(schema: GraphQLSchema, condition: GraphQLNamedType, type: GraphQLObjectType): boolean {
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}

function possibleOf(schema: GraphQLSchema, parent: GraphQLObjectType, field: string): readonly GraphQLObjectType[] {
  const type = parent.getFields()[field]?.type;
  const named = type && getNamedType(type);
  if (isObjectType(named)) return [named];
  return named && isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}

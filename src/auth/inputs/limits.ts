import {
  type ConstArgumentNode,
  type ArgumentNode,
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { ClaimgateError } from '../../errors.ts';

/**
 * How deep the inputs of an operation may be, by default: objects within one another in a variable or an argument. A list
 * counts only where it stands directly in another list, so that coercion, which makes lists of single values, adds nothing.
 */
export const defaultInputDepth = 60;

/** What `inputDepth` counts, for messages and documentation. */
export const inputDepthCounts = 'objects within one another in a variable or argument, and lists directly in lists';

/** How many values of one operation's variables, or of one field's arguments, are looked at. */
const mostInputValues = 1_000_000;

/** What is wrong with the option; nothing where it is left out. */
export function* inputDepthFault(depth: number | undefined): Iterable<string> {
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth >= 1)) {
    yield `inputDepth=${String(depth)}: expected a whole number from 1`;
  }
}

export function inputTooDeep(allowed: number): ClaimgateError {
  const message = `The inputs of the operation exceed the limit "inputDepth": ${allowed} allowed, more found (${inputDepthCounts}).`;
  return new ClaimgateError('LIMIT_EXCEEDED', message, {
    evidence: { limit: 'inputDepth', allowed, found: allowed + 1 },
  });
}

/** Makes a function to call for each value that is looked at: it throws where there are too many. */
export function createInputCounter(): () => void {
  let found = 0;
  return () => {
    found += 1;
    if (found <= mostInputValues) return;
    const message = `The inputs of the operation hold more than ${mostInputValues} values.`;
    throw new ClaimgateError('LIMIT_EXCEEDED', message, {
      evidence: { limit: 'inputValues', allowed: mostInputValues, found },
    });
  };
}

/** A value that is still to be looked into, and what is around it. */
interface Pending<Value> {
  readonly value: Value;
  /** How deep what stands in it is. */
  readonly depth: number;
}

/**
 * Checks how deep the values of variables are, before anything recurses into them. It does not recurse. It looks into
 * arrays and plain objects: those are what JSON can hold, and what coercion makes of it.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where they are too deep, refer to themselves or are too many
 */
export function checkVariableDepth(variables: Readonly<Record<string, unknown>>, allowed: number): void {
  const count = createInputCounter();
  const pending: Pending<object>[] = [];
  const add = (value: unknown, around: number, inList: boolean): void => {
    count();
    const list = Array.isArray(value);
    if (!list && !isPlainObject(value)) return;
    const depth = list && !inList ? around : around + 1;
    if (depth > allowed) throw inputTooDeep(allowed);
    pending.push({ value, depth });
  };
  for (const value of Object.values(variables)) add(value, 0, false);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (Array.isArray(value)) for (const item of value) add(item, depth, true);
    else for (const member of Object.values(value)) add(member, depth, false);
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * Checks how deep the literals in an operation and its fragments are, defaults of variables and arguments of directives
 * included, in the same way. Each selection set is looked at once.
 *
 * @throws {ClaimgateError} LIMIT_EXCEEDED where they are too deep
 */
export function checkLiteralDepth(
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>,
  allowed: number,
): void {
  const given = (nodes: readonly (ArgumentNode | ConstArgumentNode)[] = []): void => {
    for (const { value } of nodes) checkLiteral(value, allowed);
  };
  const directives = (nodes: readonly { readonly arguments?: DirectiveNode['arguments'] }[] = []): void => {
    for (const node of nodes) given(node.arguments);
  };
  directives(operation.directives);
  for (const { defaultValue, directives: on } of operation.variableDefinitions ?? []) {
    if (defaultValue) checkLiteral(defaultValue, allowed);
    directives(on);
  }
  const sets = new Set<SelectionSetNode>([operation.selectionSet]); // Visited once, also while it grows.
  for (const { selections } of sets) {
    for (const node of selections) {
      directives(node.directives);
      if (node.kind === Kind.FIELD) given(node.arguments);
      const inside = node.kind === Kind.FRAGMENT_SPREAD ? fragments[node.name.value] : node;
      if (inside?.selectionSet) sets.add(inside.selectionSet);
    }
  }
}

function checkLiteral(literal: ValueNode, allowed: number): void {
  const pending: Pending<ValueNode>[] = [];
  const add = (value: ValueNode, around: number, inList: boolean): void => {
    if (value.kind !== Kind.LIST && value.kind !== Kind.OBJECT) return;
    const depth = value.kind === Kind.LIST && !inList ? around : around + 1;
    if (depth > allowed) throw inputTooDeep(allowed);
    pending.push({ value, depth });
  };
  add(literal, 0, false);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (value.kind === Kind.LIST) for (const item of value.values) add(item, depth, true);
    if (value.kind === Kind.OBJECT) for (const field of value.fields) add(field.value, depth, false);
  }
}

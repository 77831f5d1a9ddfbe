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
 * The default of `inputDepth`: how deep objects may be nested in a variable or an argument. A list is counted only if
 * it is directly inside another list. A list that coercion makes from a single value is not counted.
 */
export const defaultInputDepth = 60;

/**
 * The greatest `inputDepth` of a server of this project. What judges operations for a server that it does not know uses
 * this depth. Otherwise it would not see rules of deeper inputs that the server accepts.
 */
export const maxInputDepth = 200;

/** The explanation of `inputDepth` in messages and documentation. */
export const inputDepthCounts = 'objects within one another in a variable or argument, and lists directly in lists';

/**
 * How many values the variables of one operation may hold, and the arguments of one field in the places that can carry
 * a rule.
 */
const maxInputValues = 1_000_000;

/** Returns the fault of the option `inputDepth`, if it has one. */
export function* inputDepthFault(depth: number | undefined): Iterable<string> {
  if (depth !== undefined && !(Number.isSafeInteger(depth) && depth >= 1)) {
    yield `inputDepth=${String(depth)}: expected a whole number from 1`;
  }
}

/** Makes the error for inputs that exceed `inputDepth`. */
export function inputTooDeep(allowed: number): ClaimgateError {
  const message = `The inputs of the operation exceed the limit "inputDepth": ${allowed} allowed, more found (${inputDepthCounts}).`;
  return new ClaimgateError('LIMIT_EXCEEDED', message, {
    evidence: { limit: 'inputDepth', allowed, found: allowed + 1 },
  });
}

/**
 * Makes a counter. Call it for each value of the inputs.
 *
 * @returns a function that throws LIMIT_EXCEEDED after 1,000,000 calls
 */
export function createInputCounter(): () => void {
  let found = 0;
  return () => {
    found += 1;
    if (found <= maxInputValues) return;
    const message = `The inputs of the operation hold more than ${maxInputValues} values.`;
    throw new ClaimgateError('LIMIT_EXCEEDED', message, {
      evidence: { limit: 'inputValues', allowed: maxInputValues, found },
    });
  };
}

/** A value whose members have not been checked yet. */
interface Pending<Value> {
  readonly value: Value;
  /** The depth of its members. */
  readonly depth: number;
}

/**
 * Checks the depth of variables. It must run before other code recurses into the variables. The check itself does not
 * recurse. It inspects only arrays and plain objects, because JSON and the coercion of input objects produce no other
 * objects.
 *
 * @param allowed - how deep objects may be nested
 * @throws {ClaimgateError} LIMIT_EXCEEDED if the values are too deep or too many, or refer to themselves
 */
export function checkVariableDepth(variables: Readonly<Record<string, unknown>>, allowed: number): void {
  const values = Object.values(variables);
  if (values.length === 0) return;
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
  for (const value of values) add(value, 0, false);
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
 * Checks the depth of the literals in an operation and its fragments. Defaults of variables and arguments of directives
 * are included. The check does not recurse.
 *
 * @param allowed - how deep objects may be nested
 * @throws {ClaimgateError} LIMIT_EXCEEDED if they are too deep
 */
export function checkLiteralDepth(
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode | undefined>>,
  allowed: number,
): void {
  const checkArguments = (nodes: readonly (ArgumentNode | ConstArgumentNode)[] = []): void => {
    for (const { value } of nodes) checkLiteral(value, allowed);
  };
  const checkDirectives = (nodes: readonly { readonly arguments?: DirectiveNode['arguments'] }[] = []): void => {
    for (const node of nodes) checkArguments(node.arguments);
  };
  checkDirectives(operation.directives);
  for (const { defaultValue, directives: on } of operation.variableDefinitions ?? []) {
    if (defaultValue) checkLiteral(defaultValue, allowed);
    checkDirectives(on);
  }
  // The set grows during the loop. No selection set is visited twice.
  const sets = new Set<SelectionSetNode>([operation.selectionSet]);
  for (const { selections } of sets) {
    for (const node of selections) {
      checkDirectives(node.directives);
      if (node.kind === Kind.FIELD) checkArguments(node.arguments);
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

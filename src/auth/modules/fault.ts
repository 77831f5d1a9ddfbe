import {
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  visit,
} from 'graphql';
import { StartError } from '../../errors.ts';

/**
 * Writes one fault of the schema as a line with the coordinate, the modules and the message.
 *
 * @param modules - the names of modules; duplicates and empty names are removed
 */
export function faultAt(coordinate: string, modules: readonly string[], message: string): string {
  return `${coordinate}${inModules(modules)}: ${message}`;
}

function inModules(modules: readonly string[]): string {
  const names = [...new Set(modules)].filter((name) => name !== '').map((name) => `"${name}"`);
  if (names.length === 0) return '';
  return ` (module${names.length > 1 ? 's' : ''} ${names.join(' and ')})`;
}

/**
 * Returns the name of the module that contains a node. Returns an empty string for a node without a source, and for a
 * node whose source graphql-js named. Such nodes occur in a given executable schema.
 */
export function moduleOf(node: ASTNode | null | undefined): string {
  const name = node?.loc?.source.name ?? '';
  return name === 'GraphQL request' ? '' : name;
}

/**
 * Writes one line for each fault that GraphQL's validation found. A line has the coordinate instead of the position in
 * the SDL.
 */
export function faultsOf(errors: readonly GraphQLError[], document: DocumentNode): readonly string[] {
  if (errors.length === 0) return [];
  const coordinates = coordinatesOf(document);
  return errors.map((error) => {
    const nodes = error.nodes ?? [];
    const coordinate = nodes.map((node) => coordinates.get(node)).find((found) => found !== undefined) ?? 'schema';
    return faultAt(coordinate, nodes.map(moduleOf), error.message.replaceAll(/\s*\n\s*/g, ' '));
  });
}

/** Finds the coordinate of the element to which each node belongs. */
function coordinatesOf(document: DocumentNode): ReadonlyMap<ASTNode, string> {
  const coordinates = new Map<ASTNode, string>();
  const enclosing: string[] = [];
  visit(document, {
    enter(node) {
      enclosing.push(coordinateOf(node, enclosing.at(-1)));
      coordinates.set(node, enclosing.at(-1) ?? 'schema');
    },
    leave() {
      enclosing.pop();
    },
  });
  return coordinates;
}

function coordinateOf(node: ASTNode, parent = 'schema'): string {
  if (isTypeDefinitionNode(node) || isTypeExtensionNode(node)) return node.name.value;
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return `@${node.name.value}`;
  const ofType = !parent.includes('.') && !parent.startsWith('@');
  if (node.kind === Kind.INPUT_VALUE_DEFINITION && !ofType) return `${parent}(${node.name.value}:)`;
  const kinds: readonly Kind[] = [Kind.FIELD_DEFINITION, Kind.ENUM_VALUE_DEFINITION, Kind.INPUT_VALUE_DEFINITION];
  return kinds.includes(node.kind) && 'name' in node ? `${parent}.${node.name?.value}` : parent;
}

/** The part of a fault after the place: what is nested exhausts the stack. */
export const nestedTooDeep =
  'is nested too deep to be read; expected fewer levels of brackets, or of types in one another';

/** Whether an error says that the stack is exhausted. */
export function isStackExhausted(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

/**
 * Runs a step of the start that calls itself for each level of the schema.
 *
 * @throws {StartError} if the stack is exhausted
 */
export function withinStack<Result>(step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    if (isStackExhausted(error)) throw new StartError([`schema: ${nestedTooDeep}`]);
    throw error;
  }
}

/**
 * Stops the start if there are faults.
 *
 * @throws {StartError} with the faults, without duplicates
 */
export function stopOn(faults: readonly string[]): void {
  if (faults.length > 0) throw new StartError([...new Set(faults)]);
}

import {
  type DefinitionNode,
  Kind,
  OperationTypeNode,
  type OperationTypeDefinitionNode,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';
import { faultAt } from './fault.ts';
import type { ParsedModule } from './parse.ts';

const usual: Readonly<Record<OperationTypeNode, string>> = {
  [OperationTypeNode.QUERY]: 'Query',
  [OperationTypeNode.MUTATION]: 'Mutation',
  [OperationTypeNode.SUBSCRIPTION]: 'Subscription',
};

/** A type that a module makes the root of an operation. */
interface Root {
  readonly module: string;
  readonly node: OperationTypeDefinitionNode;
}

/**
 * Makes one schema definition of those of all modules. Each module's `schema { … }` says what its own roots are called; in
 * a module without one they have the usual names. Roots of one operation with different names are a fault: GraphQL has
 * one root for each operation, and the fields of the others could not be reached.
 *
 * @returns the modules, in which the first definition has the roots of all and the others have only their directives
 */
export function joinRoots(modules: readonly ParsedModule[], faults: string[]): readonly ParsedModule[] {
  if (!modules.some(({ definitions }) => definitions.some((node) => namesRoots(node)))) return modules;
  const roots = modules.flatMap(rootsOf);
  const byOperation = Map.groupBy(roots, ({ node }) => node.operation);
  for (const [operation, all] of byOperation) {
    const fault = namesFault(operation, all);
    if (fault) faults.push(fault);
  }
  const operationTypes = [...byOperation.values()].flatMap(([first]) => (first ? [first.node] : []));
  let isDefined = false;
  return modules.map(({ name, definitions }) => ({
    name,
    definitions: definitions.flatMap((node): readonly DefinitionNode[] => {
      if (!namesRoots(node)) return [node];
      if (!isDefined) {
        isDefined = true;
        return [{ ...node, kind: Kind.SCHEMA_DEFINITION, operationTypes }];
      }
      const { directives = [] } = node;
      if (directives.length === 0) return [];
      return [{ kind: Kind.SCHEMA_EXTENSION, directives, ...(node.loc && { loc: node.loc }) }];
    }),
  }));
}

function namesRoots(node: DefinitionNode): node is SchemaDefinitionNode | SchemaExtensionNode {
  if (node.kind === Kind.SCHEMA_DEFINITION) return true;
  return node.kind === Kind.SCHEMA_EXTENSION && (node.operationTypes?.length ?? 0) > 0;
}

/** The roots that a module names, and those of the usual names where it leaves them to be understood. */
function rootsOf({ name: module, definitions }: ParsedModule): readonly Root[] {
  const named = definitions.filter(namesRoots);
  const given = named.flatMap((node) => node.operationTypes ?? []);
  const isWhole = named.some((node) => node.kind === Kind.SCHEMA_DEFINITION);
  const understood = isWhole
    ? []
    : Object.values(OperationTypeNode).flatMap((operation) => usualRoot(operation, definitions));
  const others = understood.filter(({ operation }) => !given.some((node) => node.operation === operation));
  return [...given, ...others].map((node) => ({ module, node }));
}

function usualRoot(
  operation: OperationTypeNode,
  definitions: readonly DefinitionNode[],
): readonly OperationTypeDefinitionNode[] {
  for (const node of definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (node.name.value !== usual[operation]) continue;
    const loc = node.loc && { loc: node.loc };
    const type = { kind: Kind.NAMED_TYPE, name: node.name, ...loc } as const;
    return [{ kind: Kind.OPERATION_TYPE_DEFINITION, operation, type, ...loc }];
  }
  return [];
}

function namesFault(operation: OperationTypeNode, roots: readonly Root[]): string | undefined {
  const modulesByName = Map.groupBy(roots, ({ node }) => node.type.name.value);
  if (modulesByName.size < 2) return undefined;
  const found = [...modulesByName].map(([name, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${name} (module "${first?.module ?? ''}"${more})`;
  });
  const odd = roots.filter(({ node }) => node.type.name.value !== usual[operation]).map(({ module }) => module);
  const message = `has several ${operation} types: ${found.join(', ')}; give them one name, which without "schema" is ${usual[operation]}`;
  return faultAt('schema', odd, message);
}

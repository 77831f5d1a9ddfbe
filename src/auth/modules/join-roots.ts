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

/** The names of root types in a schema without a schema definition (GraphQL §3.3.1). */
const defaultNames: Readonly<Record<OperationTypeNode, string>> = {
  [OperationTypeNode.QUERY]: 'Query',
  [OperationTypeNode.MUTATION]: 'Mutation',
  [OperationTypeNode.SUBSCRIPTION]: 'Subscription',
};

/** A root type of one module. */
interface Root {
  readonly module: string;
  readonly node: OperationTypeDefinitionNode;
}

/**
 * Joins the schema definitions of all modules into one. A module's `schema { … }` names the module's root types. A
 * module without `schema { … }` uses the default names.
 *
 * GraphQL has one root type for each kind of operation. Different names for one root type are a fault, because
 * operations could reach the fields of only one of these types.
 *
 * @returns copies of the modules. The first schema definition has all root types. The other schema definitions have
 * only their directives
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

/**
 * Returns the root types of a module. They are the types that `schema` names. If the module has no `schema { … }`, its
 * types with default names are root types too.
 */
function rootsOf({ name: module, definitions }: ParsedModule): readonly Root[] {
  const named = definitions.filter(namesRoots);
  const explicit = named.flatMap((node) => node.operationTypes ?? []);
  const hasDefinition = named.some((node) => node.kind === Kind.SCHEMA_DEFINITION);
  const implied = hasDefinition
    ? []
    : Object.values(OperationTypeNode).flatMap((operation) => rootOfDefaultName(operation, definitions));
  const others = implied.filter(({ operation }) => !explicit.some((node) => node.operation === operation));
  return [...explicit, ...others].map((node) => ({ module, node }));
}

function rootOfDefaultName(
  operation: OperationTypeNode,
  definitions: readonly DefinitionNode[],
): readonly OperationTypeDefinitionNode[] {
  for (const node of definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) continue;
    if (node.name.value !== defaultNames[operation]) continue;
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
  const others = roots.filter(({ node }) => node.type.name.value !== defaultNames[operation]);
  const message = `has several ${operation} types: ${found.join(', ')}; give them one name, which without "schema" is ${defaultNames[operation]}`;
  return faultAt(
    'schema',
    others.map(({ module }) => module),
    message,
  );
}

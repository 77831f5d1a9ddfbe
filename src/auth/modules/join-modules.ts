import {
  type DefinitionNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  parse,
  Source,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { directivesSdl } from '../directive.ts';
import { directivesOf, type Names, typesOf } from '../directive-names.ts';
import type { ParsedModule } from './parse.ts';

/**
 * One document of all modules and Claimgate's directives. A type that several modules define is defined by the first and
 * extended by the others, which GraphQL itself then joins: no directive is merged, dropped or overwritten on the way.
 */
export function joinModules(modules: readonly ParsedModule[], names: Names): DocumentNode {
  const directiveNames = directivesOf(names);
  const typeNames = typesOf(names);
  const defined = new Map<string, Kind>();
  const definitions: DefinitionNode[] = [...parse(new Source(directivesSdl(names), 'claimgate')).definitions];
  const given = modules.flatMap((module) => module.definitions);
  const roots = missingRoots(given);
  for (const node of given) {
    // A module extends what the others have begun, and need not know whether any has.
    const definition =
      node.kind === Kind.OBJECT_TYPE_EXTENSION && roots.delete(node.name.value) ? toDefinition(node) : node;
    if (definition.kind === Kind.DIRECTIVE_DEFINITION && directiveNames.has(definition.name.value)) continue; // a fault
    const isType = isTypeDefinitionNode(definition) || isTypeExtensionNode(definition);
    if (isType && typeNames.has(definition.name.value)) continue; // a fault
    if (!isTypeDefinitionNode(definition)) {
      definitions.push(definition);
    } else if (defined.get(definition.name.value) === definition.kind) {
      definitions.push(toExtension(definition));
    } else {
      defined.set(definition.name.value, definition.kind);
      definitions.push(definition);
    }
  }
  return { kind: Kind.DOCUMENT, definitions };
}

/** The root types, of the usual names or those of the schema definition, that modules extend and none defines. */
function missingRoots(definitions: readonly DefinitionNode[]): Set<string> {
  const missing = new Set(['Query', 'Mutation', 'Subscription']);
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { type } of node.operationTypes) missing.add(type.name.value);
  }
  for (const node of definitions) if (node.kind === Kind.OBJECT_TYPE_DEFINITION) missing.delete(node.name.value);
  return missing;
}

function toDefinition(extension: ObjectTypeExtensionNode): ObjectTypeDefinitionNode {
  return { ...extension, kind: Kind.OBJECT_TYPE_DEFINITION };
}

const extensionKinds = {
  [Kind.SCALAR_TYPE_DEFINITION]: Kind.SCALAR_TYPE_EXTENSION,
  [Kind.OBJECT_TYPE_DEFINITION]: Kind.OBJECT_TYPE_EXTENSION,
  [Kind.INTERFACE_TYPE_DEFINITION]: Kind.INTERFACE_TYPE_EXTENSION,
  [Kind.UNION_TYPE_DEFINITION]: Kind.UNION_TYPE_EXTENSION,
  [Kind.ENUM_TYPE_DEFINITION]: Kind.ENUM_TYPE_EXTENSION,
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: Kind.INPUT_OBJECT_TYPE_EXTENSION,
} as const;

function toExtension(definition: TypeDefinitionNode): TypeExtensionNode {
  // Each kind of definition has the members of its extension, and a description, which nobody asks an extension for;
  // TypeScript does not pair them up.
  return { ...definition, kind: extensionKinds[definition.kind] } as TypeExtensionNode;
}

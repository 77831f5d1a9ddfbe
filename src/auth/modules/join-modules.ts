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
import { directiveNamesOf, type ResolvedDirectiveNames, typeNamesOf } from '../directive-names.ts';
import type { ParsedModule } from './parse.ts';

/**
 * Joins all modules and Claimgate's directives into one document.
 *
 * If several modules define a type, the first definition stays and the other definitions become extensions. GraphQL
 * joins the extensions with the definition. Therefore no directive is lost.
 */
export function joinModules(modules: readonly ParsedModule[], names: ResolvedDirectiveNames): DocumentNode {
  const directiveNames = directiveNamesOf(names);
  const typeNames = typeNamesOf(names);
  const defined = new Map<string, Kind>();
  const definitions: DefinitionNode[] = [...parse(new Source(directivesSdl(names), 'claimgate')).definitions];
  const written = modules.flatMap((module) => module.definitions);
  const roots = missingRoots(written);
  for (const node of written) {
    // A module may extend a root type even if no module defines it.
    const definition =
      node.kind === Kind.OBJECT_TYPE_EXTENSION && roots.delete(node.name.value) ? toDefinition(node) : node;
    // `checkNames` has already reported the directives and the types that are left out here.
    if (definition.kind === Kind.DIRECTIVE_DEFINITION && directiveNames.has(definition.name.value)) continue;
    const isType = isTypeDefinitionNode(definition) || isTypeExtensionNode(definition);
    if (isType && typeNames.has(definition.name.value)) continue;
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

/**
 * Returns the names of root types that no module defines. Default names and the names in schema definitions are
 * checked.
 */
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
  // The cast is safe: a definition has all members of the extension of its kind. GraphQL ignores a description on an
  // extension.
  return { ...definition, kind: extensionKinds[definition.kind] } as TypeExtensionNode;
}

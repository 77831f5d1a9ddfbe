import {
  type ConstDirectiveNode,
  type DefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  print,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from 'graphql';
import { faultAt } from '../modules/fault.ts';
import type { ResolvedDirectiveNames } from '../directive-names.ts';
import type { ParsedModule } from '../modules/parse.ts';
import { type Catalogue, readRule } from './read-rule.ts';
import type { ElementKind, Rule } from './rule.ts';

/** A `@public` of the schema. */
export interface PublicField {
  readonly coordinate: string;
  readonly module: string;
}

/** The rules and public fields of all modules, each with the name of its module. */
export interface CollectedRules {
  /** The table of rules. */
  readonly rules: readonly Rule[];
  readonly publicFields: readonly PublicField[];
}

/** An element of the schema that may carry directives. */
interface Element {
  readonly kind: ElementKind;
  readonly coordinate: string;
  readonly directives: readonly ConstDirectiveNode[];
}

/**
 * Collects the rules of every module. It runs before the modules are joined. Therefore joining cannot change a rule.
 *
 * @param faults - a line is added for each fault of a rule
 */
export function collectRules(
  modules: readonly ParsedModule[],
  names: ResolvedDirectiveNames,
  catalogue: Catalogue,
  faults: string[],
): CollectedRules {
  const rules: Rule[] = [];
  const publicFields: PublicField[] = [];
  for (const { name: module, definitions } of modules) {
    for (const { kind, coordinate, directives } of definitions.flatMap((node) => [...elementsOf(node)])) {
      const report = (message: string): void => void faults.push(faultAt(coordinate, [module], message));
      for (const directive of directives) {
        if (directive.name.value === names.public) publicFields.push({ coordinate, module });
        if (directive.name.value !== names.auth) continue;
        const read = readRule(directive, catalogue, report);
        rules.push({ id: rules.length, coordinate, kind, module, ...read, source: print(directive) });
      }
    }
  }
  return { rules, publicFields };
}

const typeKinds: Readonly<Record<(TypeDefinitionNode | TypeExtensionNode)['kind'], ElementKind>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'inputObject',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'inputObject',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
};

/**
 * Returns every element of a definition, in order. GraphQL's validation checks which directives an element may carry.
 */
function* elementsOf(node: DefinitionNode): Iterable<Element> {
  if (!isTypeDefinitionNode(node) && !isTypeExtensionNode(node)) return;
  const kind = typeKinds[node.kind];
  const type = node.name.value;
  yield { kind, coordinate: type, directives: node.directives ?? [] };
  if ('values' in node) {
    for (const value of node.values ?? []) {
      yield { kind: 'enumValue', coordinate: `${type}.${value.name.value}`, directives: value.directives ?? [] };
    }
  }
  if (!('fields' in node)) return;
  for (const field of node.fields ?? []) {
    const coordinate = `${type}.${field.name.value}`;
    yield { kind: kind === 'inputObject' ? 'inputField' : 'field', coordinate, directives: field.directives ?? [] };
    if (field.kind !== Kind.FIELD_DEFINITION) continue;
    for (const argument of field.arguments ?? []) {
      const place = `${coordinate}(${argument.name.value}:)`;
      yield { kind: 'argument', coordinate: place, directives: argument.directives ?? [] };
    }
  }
}

import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isUnionType,
  Kind,
  type NamedTypeNode,
  type NameNode,
  specifiedScalarTypes,
} from 'graphql';
import { directiveNamesOf, type ResolvedDirectiveNames } from '../directive-names.ts';
import { faultAt } from '../modules/fault.ts';
import { type Directed, directivesIn } from './directed.ts';
import { directivesInExtensions, reportMisspelled } from './extensions.ts';
import type { Report } from './rule-object.ts';

/**
 * Writes SDL definitions with Claimgate's directives from the SDL and the `extensions` of a schema. Every field and
 * argument in these definitions has the type String. Elements without a directive of Claimgate are left out.
 *
 * The code for modules then validates and reads these definitions.
 *
 * @param faults - a line is added for each extension that cannot be read as a rule
 */
export function ruleDefinitions(
  schema: GraphQLSchema,
  names: ResolvedDirectiveNames,
  faults: string[],
): readonly DefinitionNode[] {
  const own = directiveNamesOf(names);

  function directivesOf(element: Directed, coordinate: string): readonly ConstDirectiveNode[] {
    const report = (message: string): void => void faults.push(faultAt(coordinate, [], message));
    const written = directivesIn(element).filter(({ name }) => own.has(name.value));
    const added = addedIn(element.extensions ?? {}, report);
    // `@public` or `@sensitive` in both forms counts one time. `@auth` in both forms is two rules, and both must hold.
    const isNew = ({ name: { value } }: ConstDirectiveNode): boolean =>
      value === names.auth || !written.some(({ name }) => name.value === value);
    return [...written, ...added.filter(isNew)];
  }

  function addedIn(extensions: NonNullable<Directed['extensions']>, report: Report): readonly ConstDirectiveNode[] {
    try {
      reportMisspelled(extensions, names, report);
      return directivesInExtensions(extensions, names, report);
    } catch {
      report('extensions has a getter that throws; expected values');
      return [];
    }
  }

  function valueNode(element: Directed & { readonly name: string }, coordinate: string): InputValueDefinitionNode {
    return {
      kind: Kind.INPUT_VALUE_DEFINITION,
      name: nameOf(element.name),
      type: anyType,
      directives: directivesOf(element, coordinate),
    };
  }

  function fieldNode(field: GraphQLField<unknown, unknown>, coordinate: string): FieldDefinitionNode {
    const args = field.args.map((argument) => valueNode(argument, `${coordinate}(${argument.name}:)`));
    return {
      kind: Kind.FIELD_DEFINITION,
      name: nameOf(field.name),
      type: anyType,
      directives: directivesOf(field, coordinate),
      arguments: args.filter(isDirected),
    };
  }

  function typeNode(type: GraphQLNamedType): DefinitionNode {
    const base = { name: nameOf(type.name), directives: directivesOf(type, type.name) };
    if (isScalarType(type)) return { ...base, kind: Kind.SCALAR_TYPE_DEFINITION };
    if (isUnionType(type)) return { ...base, kind: Kind.UNION_TYPE_DEFINITION };
    if (isEnumType(type)) {
      const values: readonly EnumValueDefinitionNode[] = type.getValues().map((value) => ({
        kind: Kind.ENUM_VALUE_DEFINITION,
        name: nameOf(value.name),
        directives: directivesOf(value, `${type.name}.${value.name}`),
      }));
      return { ...base, kind: Kind.ENUM_TYPE_DEFINITION, values: values.filter(isDirected) };
    }
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).map((field) => valueNode(field, `${type.name}.${field.name}`));
      return { ...base, kind: Kind.INPUT_OBJECT_TYPE_DEFINITION, fields: fields.filter(isDirected) };
    }
    const kind = isObjectType(type) ? Kind.OBJECT_TYPE_DEFINITION : Kind.INTERFACE_TYPE_DEFINITION;
    const fields = Object.values(type.getFields()).map((field) => fieldNode(field, `${type.name}.${field.name}`));
    return { ...base, kind, fields: fields.filter((field) => isDirected(field) || field.arguments?.length) };
  }

  function directiveNode(
    directive: Directed & { readonly name: string; readonly args: readonly (Directed & { readonly name: string })[] },
  ): DirectiveDefinitionNode {
    const coordinate = `@${directive.name}`;
    const args = directive.args.map((argument) => valueNode(argument, `${coordinate}(${argument.name}:)`));
    if (directivesOf({ extensions: directive.extensions }, coordinate).length > 0) {
      faults.push(
        faultAt(coordinate, [], 'has a rule in its extensions, and is a directive, which cannot have one; take it out'),
      );
    }
    return {
      kind: Kind.DIRECTIVE_DEFINITION,
      name: nameOf(directive.name),
      arguments: args.filter(isDirected),
      repeatable: false,
      locations: [],
    };
  }

  const nodes: DefinitionNode[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (isShared(type)) {
      if (directivesOf(type, type.name).length > 0) {
        faults.push(
          faultAt(type.name, [], 'has a rule, and is a type that all schemas share; give a type of your own'),
        );
      }
      continue;
    }
    const node = typeNode(type);
    if (isDirected(node) || membersOf(node).length > 0) nodes.push(node);
  }
  for (const directive of schema.getDirectives()) {
    if (!own.has(directive.name)) nodes.push(directiveNode(directive));
  }
  const directives = directivesOf(schema, 'schema');
  if (directives.length > 0) nodes.push({ kind: Kind.SCHEMA_EXTENSION, directives });
  return nodes;
}

/** Every definition uses this type, because GraphQL defines it. */
const anyType: NamedTypeNode = { kind: Kind.NAMED_TYPE, name: nameOf('String') };

/** Whether all schemas in the process share the object of a type. */
function isShared(type: GraphQLNamedType): boolean {
  return isIntrospectionType(type) || specifiedScalarTypes.some((one) => one === type);
}

function isDirected(node: object): boolean {
  return 'directives' in node && Array.isArray(node.directives) && node.directives.length > 0;
}

function membersOf(node: DefinitionNode): readonly unknown[] {
  if ('fields' in node) return node.fields ?? [];
  return 'values' in node ? (node.values ?? []) : [];
}

function nameOf(value: string): NameNode {
  return { kind: Kind.NAME, value };
}

import { makeExecutableSchema } from '@graphql-tools/schema';
import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  valueFromASTUntyped,
} from 'graphql';
import { authDirectives } from '../../src/auth/directive.ts';
import type { SchemaModule } from '../../src/auth/modules/module.ts';

/** The forms in which an executable schema can have its rules. */
export type GivenWay = 'SDL' | 'extensions';

/** Makes an executable schema from modules without the kit. */
export function executable(modules: readonly SchemaModule[], way: GivenWay = 'SDL'): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: [authDirectives, ...modules.flatMap(({ typeDefs }) => typeDefs)],
    resolvers: modules.flatMap(({ resolvers }) => resolvers ?? []),
  });
  return way === 'SDL' ? schema : codeFirst(schema);
}

interface Element {
  astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
  extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] | undefined }[];
  extensions: object;
}

/**
 * Makes a schema like the schema of a code-first library: it has no SDL, and its rules are in its extensions. Changes
 * the given schema.
 */
export function codeFirst(schema: GraphQLSchema): GraphQLSchema {
  const ours = new Set(['AuthMode', 'AuthRule', 'ClaimRule']);
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !ours.has(name));
  for (const type of types) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    for (const element of [type, ...membersOf(type)]) toExtensions(element);
  }
  const directives = schema.getDirectives().filter(({ name }) => !['auth', 'public', 'sensitive'].includes(name));
  for (const directive of directives.filter((one) => !isSpecifiedDirective(one))) {
    directive.astNode = undefined;
    for (const argument of directive.args) toExtensions(argument);
  }
  const config = { ...schema.toConfig(), astNode: undefined, extensionASTNodes: [] };
  return new GraphQLSchema({ ...config, types, directives });
}

function membersOf(type: GraphQLNamedType): readonly Element[] {
  if (isEnumType(type)) return type.getValues();
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [field, ...field.args]);
}

function toExtensions(element: Element): void {
  const { astNode, extensionASTNodes = [] } = element;
  const directives = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  const rules = directives.filter(({ name }) => name.value === 'auth').map(argumentsOf);
  const marks = directives.filter(({ name }) => ['public', 'sensitive'].includes(name.value));
  element.astNode = undefined;
  if ('extensionASTNodes' in element) element.extensionASTNodes = [];
  element.extensions = {
    ...element.extensions,
    ...(rules.length > 0 && { auth: rules.length === 1 ? rules[0] : rules }),
    ...Object.fromEntries(marks.map(({ name }) => [name.value, true])),
  };
}

function argumentsOf(directive: ConstDirectiveNode): unknown {
  const { arguments: args = [] } = directive;
  return Object.fromEntries(args.map(({ name, value }) => [name.value, plain(valueFromASTUntyped(value))]));
}

/** Returns a copy with plain objects. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

import type { IResolvers } from '@graphql-tools/utils';
import {
  type ASTNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NameNode,
  parse,
  specifiedScalarTypes,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  visit,
} from 'graphql';
import type { SchemaModule } from '../../auth/modules/module.ts';
import { isDefaultName, type ResolvedDirectiveNames } from '../../auth/directive-names.ts';
import type { ApiContext } from '../request/context.ts';
import type { OwnNames } from './own-names.ts';

/** One of Claimgate's own modules, with the default names of its types, root fields and directives. */
export interface OwnModule {
  readonly name: string;
  readonly typeDefs: string;
  // `any`: only the module knows the types of its sources.
  readonly resolvers?: IResolvers<any, ApiContext>; // oxlint-disable-line typescript/no-explicit-any
}

const roots: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);
const fixed: ReadonlySet<string> = new Set([...roots, ...specifiedScalarTypes.map(({ name }) => name)]);

/**
 * Renames the elements of one of Claimgate's modules for a schema. It does not rename types in the results of
 * resolvers, such as `__typename`. The resolvers take these names from `OwnNames`.
 *
 * @param names - the names of types and root fields
 * @param directives - the names of `@auth`, `@public` and `@sensitive`
 */
export function renamed(
  { name, typeDefs, resolvers = {} }: OwnModule,
  names: OwnNames,
  directives: ResolvedDirectiveNames,
): SchemaModule {
  const typeName = (type: string): string => (fixed.has(type) ? type : names.type(type));
  const document = visit(parse(typeDefs), {
    leave(node): ASTNode | undefined {
      if (isTypeDefinitionNode(node) || isTypeExtensionNode(node)) return renamedType(node, typeName, names);
      if (node.kind === Kind.NAMED_TYPE) return named(node, typeName(node.name.value));
      const isOurs = node.kind === Kind.DIRECTIVE && isDefaultName(node.name.value);
      return isOurs && isDefaultName(node.name.value) ? named(node, directives[node.name.value]) : undefined;
    },
  });
  const byType = Object.entries(resolvers).map(([type, members]) => [
    typeName(type),
    roots.has(type) ? withKeys(members, names.field) : members,
  ]);
  return { name, typeDefs: document, resolvers: Object.fromEntries(byType) as IResolvers };
}

function renamedType(
  node: TypeDefinitionNode | TypeExtensionNode,
  typeName: (type: string) => string,
  names: OwnNames,
): ASTNode {
  const type = named(node, typeName(node.name.value));
  if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION) return type;
  if (!roots.has(type.name.value)) return type;
  return { ...type, fields: (type.fields ?? []).map((field) => named(field, names.field(field.name.value))) };
}

function named<Node extends { readonly name: NameNode }>(node: Node, value: string): Node {
  return { ...node, name: { ...node.name, value } };
}

function withKeys(members: object, keyOf: (key: string) => string): object {
  return Object.fromEntries(Object.entries(members).map(([key, member]: [string, unknown]) => [keyOf(key), member]));
}

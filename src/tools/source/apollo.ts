import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  Kind,
  parseConstValue,
  visit,
} from 'graphql';
import { placeOfNode, ToolFault } from '../report/fault.ts';

/** The directives of Apollo Federation with which a schema requires a token, scopes or policies. */
const apolloDirectives = ['authenticated', 'requiresScopes', 'policy'] as const;
type ApolloDirective = (typeof apolloDirectives)[number];

/** The names of Apollo's directives in a schema. */
export type ApolloNames = ReadonlyMap<string, ApolloDirective>;

/** The arguments of Apollo's directives. A directive of this name with other arguments is a directive of the team. */
const argumentsOf: Readonly<Record<ApolloDirective, string>> = {
  authenticated: '',
  requiresScopes: 'scopes',
  policy: 'policies',
};

/**
 * Finds the names of Apollo's directives in a schema: their own names, with the prefix `federation__`, and the names that
 * `@link(import:)` gives them. A name is left out if the schema defines it with other arguments.
 */
export function apolloNamesOf(definitions: readonly DefinitionNode[]): ApolloNames {
  const names = new Map<string, ApolloDirective>();
  for (const name of apolloDirectives) names.set(name, name).set(`federation__${name}`, name);
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION && node.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of node.directives ?? []) {
      const imported = directive.arguments?.find(({ name }) => name.value === 'import')?.value;
      for (const item of imported?.kind === Kind.LIST ? imported.values : []) {
        if (item.kind !== Kind.OBJECT) continue;
        const text = (key: string) => {
          const value = item.fields.find(({ name }) => name.value === key)?.value;
          return value?.kind === Kind.STRING ? value.value.replace(/^@/, '') : '';
        };
        const name = apolloDirectives.find((one) => one === text('name'));
        if (name && text('as') !== '') names.set(text('as'), name);
      }
    }
  }
  for (const node of definitions) {
    if (node.kind !== Kind.DIRECTIVE_DEFINITION) continue;
    const kind = names.get(node.name.value);
    const found = (node.arguments ?? []).map(({ name }) => name.value).join();
    if (kind && found !== argumentsOf[kind]) names.delete(node.name.value);
  }
  return names;
}

/**
 * Replaces Apollo's directives in a definition by `@auth` with the same meaning. The definitions of these directives are
 * left out. All rules of an element must hold, as in Apollo's router.
 *
 * @param auth - the name of `@auth` in this schema
 * @throws {ToolFault} if an argument is not a list of lists of strings
 */
export function withoutApollo(
  definitions: readonly DefinitionNode[],
  apollo: ApolloNames,
  auth: string,
): readonly DefinitionNode[] {
  const own = definitions.filter((node) => node.kind !== Kind.DIRECTIVE_DEFINITION || !apollo.has(node.name.value));
  return own.map((definition) =>
    visit(definition, {
      Directive(node) {
        const kind = apollo.get(node.name.value);
        return kind && translated(node as ConstDirectiveNode, kind, auth); // SDL has no variables.
      },
    }),
  );
}

function translated(node: ConstDirectiveNode, kind: ApolloDirective, auth: string): ConstDirectiveNode {
  const made = (name?: string, value?: string): ConstDirectiveNode => ({
    ...node,
    name: { ...node.name, value: auth },
    arguments:
      name === undefined || value === undefined
        ? []
        : [
            {
              kind: Kind.ARGUMENT,
              name: { kind: Kind.NAME, value: name },
              value: parseConstValue(value, { noLocation: true }),
            },
          ],
  });
  if (kind === 'authenticated') return made();
  const sets = listsOf(node, argumentsOf[kind]);
  // An empty set needs nothing more than a token.
  if (sets.some((set) => set.length === 0)) return made();
  if (kind === 'requiresScopes') return made('scope', JSON.stringify(sets.map((set) => set.join(' '))));
  const [first, ...others] = sets;
  if (others.length === 0) return made('policy', JSON.stringify(first));
  return made('anyOf', `[${sets.map((set) => `{ policy: ${JSON.stringify(set)} }`).join(' ')}]`);
}

/** Reads an argument that is alternatives of sets. A single value stands for a list of one (GraphQL §3.11). */
function listsOf(node: ConstDirectiveNode, name: string): readonly (readonly string[])[] {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  const sets = value ? itemsOf(value).map((set) => itemsOf(set).map(stringOf)) : [];
  if (sets.length === 0 || sets.flat().includes(null)) {
    const expected = `expected ${name}: [["one", "and another"], ["or this"]]`;
    throw new ToolFault(placeOfNode(node), `@${node.name.value}: ${expected}`);
  }
  return sets.map((set) => set.filter((text) => text !== null));
}

function itemsOf(value: ConstValueNode): readonly ConstValueNode[] {
  return value.kind === Kind.LIST ? value.values : [value];
}

function stringOf(value: ConstValueNode): string | null {
  return value.kind === Kind.STRING && value.value.trim() !== '' ? value.value : null;
}

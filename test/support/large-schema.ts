import { type ConstDirectiveNode, type DefinitionNode, Kind, parse, print } from 'graphql';
import { authDirectives } from '../../src/auth/directive.ts';

/**
 * Adds a rule to every root field and to a fifth of all object types and interfaces. The result defines the directives.
 * A field that the SDL defines twice, as some published versions of GitHub's schema do, is left out once.
 */
export function annotated(sdl: string): string {
  let count = 0;
  const definitions = parse(sdl).definitions.map((definition): DefinitionNode => {
    const isFielded =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if (!isFielded) return definition;
    const unique = new Map(definition.fields?.map((field) => [field.name.value, field]));
    const node = { ...definition, fields: [...unique.values()] };
    if (['Query', 'Mutation', 'Subscription'].includes(node.name.value)) {
      const fields = node.fields.map((field, index) => ({
        ...field,
        directives: [...(field.directives ?? []), rule(`root:${index % 40}`)],
      }));
      return { ...node, fields };
    }
    count += 1;
    if (count % 5 !== 0) return node;
    return { ...node, directives: [...(node.directives ?? []), rule(`type:${count % 40}`)] };
  });
  return `${authDirectives}\n${print({ kind: Kind.DOCUMENT, definitions })}`;
}

function rule(scope: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'auth' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'scope' },
        value: { kind: Kind.STRING, value: scope },
      },
    ],
  };
}

/**
 * Writes the SDL of a schema of about 1,800 types in the proportions of GitHub's public schema: entities that implement
 * interfaces, a connection and an edge for each, unions, enums, and an input and a payload for each mutation.
 */
export function largeSdl(entities = 300): string {
  const all = Array.from({ length: entities }, (_, index) => index);
  const types = all.map(
    (n) => `
      type E${n} implements Node & Named & Kind${n % 20} {
        id: ID!  name: String!  kind${n % 20}: String  state: State${n % 60}
        parent: E${(n * 7 + 1) % entities}  related(first: Int = 10, after: String, orderBy: Order${n % 60}): E${(n * 11 + 3) % entities}Connection!
        owner: Owner${n % 40}  field1: String  field2: Int  field3: Boolean  field4: [String!]  field5: Float
        children(first: Int, last: Int, filter: Filter${n % 60}): [E${(n * 13 + 5) % entities}!]!
      }
      type E${n}Connection { edges: [E${n}Edge]  nodes: [E${n}]  totalCount: Int! }
      type E${n}Edge { cursor: String!  node: E${n} }
      input Change${n}Input { clientMutationId: String  id: ID!  name: String  filter: Filter${n % 60}  state: State${n % 60} = A }
      type Change${n}Payload { clientMutationId: String  entity: E${n} }`,
  );
  const shared = Array.from(
    { length: 60 },
    (_, n) => `
      enum State${n} { A B C D }
      input Order${n} { field: State${n}!  ascending: Boolean = true }
      input Filter${n} { state: State${n}  and: [Filter${n}!]  not: Filter${n}  name: String }`,
  );
  const kinds = Array.from({ length: 20 }, (_, n) => `interface Kind${n} { kind${n}: String }`);
  const unions = Array.from(
    { length: 40 },
    (_, n) =>
      `union Owner${n} = ${all
        .filter((index) => index % 40 === n)
        .map((index) => `E${index}`)
        .join(' | ')}`,
  );
  return `
    interface Node { id: ID! } interface Named { name: String! }
    ${[...types, ...shared, ...kinds, ...unions].join('\n')}
    type Query { node(id: ID!): Node  ${all.map((n) => `e${n}(id: ID!): E${n}`).join('  ')} }
    type Mutation { ${all.map((n) => `change${n}(input: Change${n}Input!): Change${n}Payload`).join('  ')} }
  `;
}

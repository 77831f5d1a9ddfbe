import { createHash } from 'node:crypto';
import { type ConstDirectiveNode, type DefinitionNode, Kind, parse, parseConstValue, print, visit } from 'graphql';

/** Rules of `@auth` by coordinate. `null`: no rule. They replace the rules that the hash of the coordinate would give. */
export type FixedRules = Readonly<Record<string, string | null>>;

const scopes = [
  'repo',
  'public_repo',
  'read:org',
  'read:user',
  'user:email',
  'gist',
  'read:audit',
  'workflow',
  'project',
];

/**
 * Adds rules to a schema without any. They depend only on the coordinates: every root field has a rule, and some types,
 * fields, arguments, input fields and enum values.
 */
export function annotated(sdl: string, fixed: FixedRules = {}): string {
  const document = parse(sdl);
  const roots = new Set(['Query', 'Mutation', 'Subscription']);
  // A guarded input may not have a default value. Therefore no name in a default value and in its type gets a rule.
  const defaults = new Set<string>();
  visit(document, {
    OperationTypeDefinition: ({ type }) => void roots.add(type.name.value),
    InputValueDefinition({ defaultValue, type }) {
      for (const [name] of defaultValue ? `${print(defaultValue)} ${print(type)}`.matchAll(/\w+/g) : []) {
        defaults.add(name);
      }
    },
  });
  const isDefault = (name: string) => defaults.has(name);
  const definitions = document.definitions.map((node): DefinitionNode => {
    if (!('name' in node) || !node.name || node.kind === Kind.DIRECTIVE_DEFINITION) return node;
    const type = node.name.value;
    const own =
      roots.has(type) || node.kind === Kind.INTERFACE_TYPE_DEFINITION || isDefault(type) ? [] : rulesOf(type, 6, fixed);
    const directives = [...('directives' in node ? (node.directives ?? []) : []), ...own] as ConstDirectiveNode[];
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      const unique = new Map(node.fields?.map((field) => [field.name.value, field]));
      const fields = [...unique.values()].map((field) => {
        const coordinate = `${type}.${field.name.value}`;
        const args = field.arguments?.map((argument) =>
          withRules(argument, `${coordinate}(${argument.name.value}:)`, 20, fixed),
        );
        return { ...withRules(field, coordinate, roots.has(type) ? 1 : 4, fixed), arguments: args ?? [] };
      });
      return { ...node, directives, fields };
    }
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) {
      const fields =
        node.fields?.map((field) =>
          isDefault(field.name.value) ? field : withRules(field, `${type}.${field.name.value}`, 8, fixed),
        ) ?? [];
      return { ...node, fields };
    }
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION) return node;
    const values = node.values?.map((value) =>
      isDefault(value.name.value) ? value : withRules(value, `${type}.${value.name.value}`, 6, fixed),
    );
    return { ...node, values: values ?? [] };
  });
  return print({ kind: Kind.DOCUMENT, definitions });
}

function withRules<Node extends object>(node: Node, coordinate: string, one: number, fixed: FixedRules): Node {
  if ('defaultValue' in node && node.defaultValue !== undefined) return node;
  const before = 'directives' in node ? (node.directives as readonly ConstDirectiveNode[]) : [];
  return { ...node, directives: [...before, ...rulesOf(coordinate, one, fixed)] };
}

/** Returns the rule of an element. One of `one` elements has a rule. */
function rulesOf(coordinate: string, one: number, fixed: FixedRules): readonly ConstDirectiveNode[] {
  const hash = createHash('sha256').update(coordinate).digest().readUInt32BE(0);
  const scope = (at: number) => JSON.stringify(scopes[(hash >>> at) % scopes.length]);
  const made = hash % one === 0 ? (hash % 3 === 0 ? `scope: [${scope(3)}, ${scope(9)}]` : `scope: ${scope(5)}`) : null;
  const given = coordinate in fixed ? fixed[coordinate] : made;
  if (given === null || given === undefined) return [];
  const members = parseConstValue(`{ ${given} }`);
  const args =
    members.kind === Kind.OBJECT ? members.fields.map((field) => ({ ...field, kind: Kind.ARGUMENT as const })) : [];
  return [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'auth' }, arguments: args }];
}

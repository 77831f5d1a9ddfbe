import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isIntrospectionType,
  print,
} from 'graphql';
import { directiveNamesOf, type ResolvedDirectiveNames, typeNamesOf } from '../directive-names.ts';
import { faultAt } from '../modules/fault.ts';
import { isInExtensions } from './extensions.ts';
import { type Directed, directivesIn, type Member, membersOf } from './directed.ts';

/**
 * Finds rules that a schema has probably lost. It reports:
 *
 * - a member that has a rule in the SDL of its type, but not in its own node
 * - a type without SDL whose fields have SDL
 * - a member without SDL, and without a directive of Claimgate in its `extensions`, in a type that was written in SDL
 *
 * The last two are reported only if the schema defines `@auth`. A rule that a tool removed from all of these places is
 * not found.
 */
export function* lostRules(schema: GraphQLSchema, names: ResolvedDirectiveNames): Iterable<string> {
  const own = directiveNamesOf(names);
  const isDefined = (schema.getDirective(names.auth) ?? null) !== null;
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || typeNamesOf(names).has(type.name)) continue;
    const members = membersOf(type);
    yield* lostMembers(type, members, own);
    if (!isDefined) continue;
    if (hasLostNode(type, members)) yield faultAt(type.name, [], lostNode(names));
    yield* membersWithoutNode(type, members, own);
  }
}

const dropped =
  'a transform of the schema probably dropped its astNode; keep the astNode, or write the rule in extensions';

const lostNode = ({ auth }: ResolvedDirectiveNames): string =>
  `its fields were written in SDL, and the type itself has no SDL (astNode) any more; a rule @${auth} on the type would be lost; keep the astNode of the type`;

type MemberNode = Pick<FieldDefinitionNode | InputValueDefinitionNode, 'name' | 'directives'> & {
  readonly arguments?: readonly InputValueDefinitionNode[];
};

/** Compares the members in the SDL of a type with the members of the type. A removed member is not reported. */
function* lostMembers(
  { name: typeName, astNode, extensionASTNodes }: GraphQLNamedType,
  members: ReadonlyMap<string, Member>,
  own: ReadonlySet<string>,
): Iterable<string> {
  for (const typeNode of [astNode, ...extensionASTNodes]) {
    if (!typeNode) continue;
    const nodes: readonly MemberNode[] =
      'fields' in typeNode ? (typeNode.fields ?? []) : 'values' in typeNode ? (typeNode.values ?? []) : [];
    for (const node of nodes) {
      const member = members.get(node.name.value);
      if (!member) continue;
      const coordinate = `${typeName}.${member.name}`;
      yield* lostDirectives(coordinate, node.directives, member, own);
      const argumentNodes = [
        ...(node.arguments ?? []),
        ...((member.astNode as MemberNode | null | undefined)?.arguments ?? []),
      ];
      for (const argumentNode of argumentNodes) {
        const argument = member.args?.find(({ name }) => name === argumentNode.name.value);
        if (argument) yield* lostDirectives(`${coordinate}(${argument.name}:)`, argumentNode.directives, argument, own);
      }
    }
  }
}

function* lostDirectives(
  coordinate: string,
  written: readonly ConstDirectiveNode[] | undefined,
  element: Directed,
  own: ReadonlySet<string>,
): Iterable<string> {
  const rules = (written ?? []).filter(({ name }) => own.has(name.value)).map((node) => print(node));
  if (rules.length === 0) return;
  const carried = new Set(directivesIn(element).map((node) => print(node)));
  const lost = rules.find((rule) => !carried.has(rule));
  if (lost !== undefined) {
    yield faultAt(
      coordinate,
      [],
      `the SDL of its type has ${lost} here, and the element does not carry it; ${dropped}`,
    );
  }
}

/** Whether a type has no SDL, although one of its fields has SDL. */
function hasLostNode(type: GraphQLNamedType, members: ReadonlyMap<string, Member>): boolean {
  if (type.astNode || type.extensionASTNodes.length > 0) return false;
  return [...members.values()].some(({ astNode }) => isWritten(astNode));
}

/**
 * Finds members and arguments without SDL in an element with SDL. `mapSchema` makes them if a mapper returns a new
 * configuration without `astNode`. A member with a directive of Claimgate in its `extensions` is not reported.
 */
function* membersWithoutNode(
  { name: typeName, astNode }: GraphQLNamedType,
  members: ReadonlyMap<string, Member>,
  own: ReadonlySet<string>,
): Iterable<string> {
  for (const member of members.values()) {
    const coordinate = `${typeName}.${member.name}`;
    if (isWritten(astNode) && isWithout(member, own)) yield faultAt(coordinate, [], withoutNode);
    if (!isWritten(member.astNode)) continue;
    for (const argument of member.args ?? []) {
      if (isWithout(argument, own)) yield faultAt(`${coordinate}(${argument.name}:)`, [], withoutNode);
    }
  }
}

const withoutNode =
  'has no SDL (astNode), and is part of what was written in SDL; a transform of the schema may have dropped its rules; keep the astNode, or write the rule in extensions';

function isWithout({ astNode, extensions }: Directed, own: ReadonlySet<string>): boolean {
  return !astNode && ![...own].some((name) => isInExtensions(extensions, name));
}

/**
 * Whether a node comes from SDL. The parser gives a node members that tools for a schema in code do not write. The
 * position is not enough, because `graphql-tag` and the option `noLocation` of the parser remove it.
 */
function isWritten(node: Directed['astNode']): boolean {
  if (!node) return false;
  return ('loc' in node && node.loc !== undefined) || membersOfParsed.some((member) => member in node);
}

/** `mapSchema` adds `fields` and `values` to each node of a type. Therefore these members prove nothing. */
const membersOfParsed = ['description', 'interfaces', 'arguments'];

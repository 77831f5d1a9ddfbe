import {
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import type { Persona } from '../callers/persona.ts';
import type { Given, Hop } from '../places/hop.ts';
import type { Target } from '../places/target.ts';
import { suppliedRules } from '../places/supplied.ts';
import { literalOf, type Values } from '../places/values.ts';
import type { Judge } from '../verdict/judge.ts';
import type { RulesAt } from '../verdict/rules-at.ts';

/** How an operation reaches its place. */
export interface Style {
  readonly alias?: (hop: number, last: boolean) => string | undefined;
  /** How each selection is put into a fragment. `defined`: named fragments, which stand before or after the operation. */
  readonly fragments?: 'inline' | 'untyped' | 'after' | 'before' | 'nested';
  readonly directive?: string;
  readonly variables?: readonly string[];
  /** How arguments are sent. Default: as literals. */
  readonly args?: 'variables' | 'defaults' | 'members';
  /** What is selected of the value at the end. Default: its type name and two leaves. */
  readonly end?: 'typename' | 'skipped';
  /** Selects the place a second time. */
  readonly twice?: 'merged' | 'aliases';
  /** What is selected before it: a text, or `open`: a root field that lets in the persona. */
  readonly beside?: 'root: __typename' | '__schema { queryType { name } }' | 'open';
  /** Other operations of the document. */
  readonly decoy?: boolean;
}

/** An operation as it is sent. */
export interface WrittenOperation {
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Makes the function that writes the operation of a target. */
export function createWriter(schema: GraphQLSchema, rules: RulesAt, judge: Judge, values: Values) {
  /** Returns leaves of a type that can be selected, those without a rule first. */
  function leavesOf(type: GraphQLCompositeType): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '';
    const fields = Object.values(type.getFields()).filter(
      (field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
    );
    const bare = fields.filter(({ name }) => rules.ofField(type.name, name).length === 0);
    return bare
      .slice(0, 2)
      .map(({ name }) => name)
      .join(' ');
  }

  /** Returns a field of a root type that lets in the persona. */
  function openField(root: GraphQLObjectType | undefined | null, persona: Persona): string {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const value = getNamedType(field.type);
      if (!root || isUnionType(value)) continue;
      const args = values.requiredArguments(root.name, field.name, field.args);
      const needed = [
        ...rules.ofField(root.name, field.name),
        ...rules.ofValue(root.name, field.name),
        ...suppliedRules(rules, root.name, field.name, args),
      ];
      if (judge.opens(needed, persona) !== 'yes') continue;
      const given = args.map((one) => `${one.name}: ${literalOf(one.value, one.type)}`).join(', ');
      return `open: ${field.name}${given === '' ? '' : `(${given})`}${isCompositeType(value) ? ' { __typename }' : ''}`;
    }
    return '';
  }

  return ({ route: { hops, operation } }: Target, style: Style, persona: Persona): WrittenOperation => {
    const { principal, grants } = persona;
    const definitions: string[] = [...(style.variables ?? [])];
    const variables: Record<string, unknown> = {};
    const named: string[] = [];
    const known = new Map<unknown, string>();

    function variableOf({ type, value }: Pick<Given, 'type' | 'value'>, isDefault: boolean): string {
      // An object can be nested too deep for a text of it.
      const key = typeof value === 'object' && value !== null ? value : `${String(type)} ${String(value)}`;
      let name = known.get(key);
      if (name === undefined) {
        name = `$v${known.size}`;
        known.set(key, name);
        definitions.push(`${name}: ${String(type)}${isDefault ? ` = ${literalOf(value, type)}` : ''}`);
        if (!isDefault) variables[name.slice(1)] = value;
      }
      return name;
    }
    function argumentOf(template: Given): string {
      const isOwner = principal.kind !== 'anonymous' && grants.owners.has(template.name);
      const given = isOwner ? { ...template, value: principal.subject } : template;
      if (style.args === 'variables') return variableOf(given, false);
      if (style.args === 'defaults') return variableOf(given, true);
      if (style.args === 'members') return withMembers(given.value, given, variableOf);
      return literalOf(given.value, given.type);
    }
    function selectionAt(at: number, end: Style['end'], second: boolean): string {
      const hop = hops[at];
      if (!hop) return '';
      const isLast = at === hops.length - 1;
      const aliased = isLast && second ? 'again' : style.alias?.(at, isLast);
      const alias = aliased === undefined || aliased === hop.field ? '' : `${aliased}: `;
      const args =
        hop.args.length === 0 ? '' : `(${hop.args.map((one) => `${one.name}: ${argumentOf(one)}`).join(', ')})`;
      const directive = style.directive === undefined ? '' : ` ${style.directive}`;
      const text = `${alias}${hop.field}${args}${directive}${below(hop, at, end, second)}`;
      return inFragment(
        text,
        hop.parent,
        hops[at - 1]?.narrow ?? null,
        `${at}${second ? 'b' : end === 'typename' ? 'c' : ''}`,
      );
    }
    function below(hop: Hop, at: number, end: Style['end'], second: boolean): string {
      const holder = schema.getType(hop.parent);
      const field = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[hop.field] : undefined;
      const value = field && getNamedType(field.type);
      if (!value || !isCompositeType(value)) return '';
      const typename = isAbstractType(value) ? '__typename ' : '';
      if (at < hops.length - 1) return ` { ${typename}${selectionAt(at + 1, end, second)} }`;
      if (end === 'skipped') return ' { __typename @skip(if: true) }';
      if (end === 'typename') return isAbstractType(value) ? ' { __typename }' : ' { name: __typename }';
      const ended = hop.narrow === null ? value : schema.getType(hop.narrow);
      const leaves = ended && isCompositeType(ended) ? leavesOf(ended) : '';
      const inner = `__typename ${leaves}`.trim();
      return hop.narrow === null ? ` { ${inner} }` : ` { __typename ... on ${hop.narrow} { ${inner} } }`;
    }
    function inFragment(text: string, parent: string, narrow: string | null, number: string): string {
      const type = narrow ?? parent;
      switch (style.fragments) {
        case 'untyped':
          return narrow === null ? `... { ${text} }` : `... on ${type} { ... { ${text} } }`;
        case 'inline':
          return `... on ${type} { ${text} }`;
        case 'nested':
          named.push(
            `fragment Outer${number} on ${type} { ...Inner${number} }`,
            `fragment Inner${number} on ${type} { ${text} }`,
          );
          return `...Outer${number}`;
        case 'after':
        case 'before':
          named.push(`fragment Part${number} on ${type} { ${text} }`);
          return `...Part${number}`;
        case undefined:
        default:
          return narrow === null ? text : `... on ${type} { ${text} }`;
      }
    }

    const first = style.twice === 'merged' ? selectionAt(0, 'typename', false) : '';
    const second = style.twice === 'aliases' ? selectionAt(0, style.end, true) : '';
    const main = selectionAt(0, style.end, false);
    const beside = style.beside === 'open' ? openField(schema.getRootType(operation), persona) : style.beside;
    const body = [beside, first, main, second].filter(Boolean).join(' ');
    const heads = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
    const attack = `${operation} Attack${heads} { ${body} }`;
    const decoy = style.decoy ? ['query Decoy { __typename }'] : [];
    const texts = style.fragments === 'before' ? [...named, attack] : [...decoy, attack, ...named];
    return { text: texts.join('\n'), operationName: style.decoy ? 'Attack' : undefined, variables };
  };
}

/** Writes an input as a literal whose innermost values are variables. */
function withMembers(
  value: unknown,
  { type }: Pick<Given, 'type'>,
  variableOf: (given: Pick<Given, 'type' | 'value'>, isDefault: boolean) => string,
): string {
  const nullable = getNullableType(type);
  if (isListType(nullable) && Array.isArray(value)) {
    return `[${value.map((item) => withMembers(item, { type: nullable.ofType }, variableOf)).join(', ')}]`;
  }
  if ('getFields' in nullable && typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member]) => {
      const field = nullable.getFields()[name];
      return field ? [`${name}: ${withMembers(member, field, variableOf)}`] : [];
    });
    return `{ ${members.join(', ')} }`;
  }
  return variableOf({ type, value }, false);
}

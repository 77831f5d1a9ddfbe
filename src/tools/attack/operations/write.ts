import {
  getNamedType,
  getNullableType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Persona } from '../callers/persona.ts';
import type { Given } from '../../values/given.ts';
import type { Hop } from '../places/hop.ts';
import type { Target } from '../places/target.ts';
import { literalOf } from '../../values/literal.ts';
import type { Values } from '../../values/values.ts';
import type { Judge } from '../verdict/judge.ts';
import type { RulesAt } from '../verdict/rules-at.ts';
import { withMembers } from './members.ts';
import { besideKey, createSelections } from './selections.ts';

/** How an operation reaches its place. */
export interface Style {
  readonly alias?: (hop: number, last: boolean) => string | undefined;
  /** How each selection is put into a fragment: inline, or named, before or after the operation. `interface`: on an interface of its type. */
  readonly fragments?: 'inline' | 'untyped' | 'after' | 'before' | 'nested' | 'interface';
  /** A directive of each field. */
  readonly directive?: string;
  /** A directive of each fragment. */
  readonly onFragments?: string;
  /** A directive of each field that returns a list. */
  readonly onLists?: string;
  readonly variables?: readonly string[];
  /** How arguments are sent. Default: as literals. */
  readonly args?: 'variables' | 'defaults' | 'members';
  /** What is selected of the value at the end. Default: its type name and two leaves. */
  readonly end?: 'typename' | 'skipped';
  /** Selects the place a second time. `without`: without the attacked argument, under another response key. */
  readonly twice?: 'merged' | 'aliases' | 'without';
  /** What is selected before it: a text, or `open`: a root field that lets in the persona. */
  readonly beside?: 'root: __typename' | '__schema { queryType { name } }' | 'open';
  /** Where another operation stands in the document. It selects a field that lets in the persona. */
  readonly decoy?: 'before' | 'after';
}

/** An operation as it is sent. */
export interface WrittenOperation {
  readonly text: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The response keys from the root to each selection of the attacked place. */
  readonly places: readonly (readonly string[])[];
}

/** Makes the function that writes the operation of a target. */
export function createWriter(schema: GraphQLSchema, rules: RulesAt, judge: Judge, values: Values) {
  const { leavesOf, openField, interfaceWith } = createSelections(schema, rules, judge, values);

  return ({ route: { hops, operation }, argument }: Target, style: Style, persona: Persona): WrittenOperation => {
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
    function keyAt(at: number, second: boolean): string {
      const field = hops[at]?.field ?? '';
      const isLast = at === hops.length - 1;
      if (isLast && second) return style.twice === 'without' ? besideKey : 'again';
      return style.alias?.(at, isLast) ?? field;
    }
    function selectionAt(at: number, end: Style['end'], second: boolean): string {
      const hop = hops[at];
      if (!hop) return '';
      const key = keyAt(at, second);
      const alias = key === hop.field ? '' : `${key}: `;
      const isWithout = second && style.twice === 'without' && at === hops.length - 1;
      const given = isWithout ? hop.args.filter(({ name }) => name !== argument) : hop.args;
      const args = given.length === 0 ? '' : `(${given.map((one) => `${one.name}: ${argumentOf(one)}`).join(', ')})`;
      const text = `${alias}${hop.field}${args}${directivesOf(hop)}${below(hop, at, end, second)}`;
      const number = `${at}${second ? 'b' : end === 'typename' ? 'c' : ''}`;
      return inFragment(text, hop, hops[at - 1]?.narrow ?? null, number);
    }
    function directivesOf({ parent, field: name }: Hop): string {
      const holder = schema.getType(parent);
      const field = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[name] : undefined;
      const isList = field && isListType(getNullableType(field.type));
      return [style.directive, isList ? style.onLists : undefined].map((one) => (one ? ` ${one}` : '')).join('');
    }
    function below(hop: Hop, at: number, end: Style['end'], second: boolean): string {
      const holder = schema.getType(hop.parent);
      const field = isObjectType(holder) || isInterfaceType(holder) ? holder.getFields()[hop.field] : undefined;
      const value = field && getNamedType(field.type);
      if (!value || !isCompositeType(value)) return '';
      const typename = isAbstractType(value) ? '__typename ' : '';
      if (at < hops.length - 1) return ` { ${typename}${selectionAt(at + 1, end, second)} }`;
      if (end === 'skipped') return ' { __typename @skip(if: true) }';
      // In merged fields, another key could be the one of a field that is selected too.
      const isPlain = isAbstractType(value) || style.twice === 'merged';
      if (end === 'typename') return isPlain ? ' { __typename }' : ' { name: __typename }';
      const ended = hop.narrow === null ? value : schema.getType(hop.narrow);
      const leaves = ended && isCompositeType(ended) ? leavesOf(ended) : '';
      const inner = `__typename ${leaves}`.trim();
      return hop.narrow === null ? ` { ${inner} }` : ` { __typename ... on ${hop.narrow} { ${inner} } }`;
    }
    function inFragment(text: string, { parent, field }: Hop, narrow: string | null, number: string): string {
      const type = narrow ?? parent;
      const directive = style.onFragments === undefined ? '' : ` ${style.onFragments}`;
      const inline = (condition: string | null, inner: string) =>
        `...${condition === null ? '' : ` on ${condition}`}${directive} { ${inner} }`;
      switch (style.fragments) {
        case 'untyped':
          return narrow === null ? inline(null, text) : inline(type, inline(null, text));
        case 'inline':
          return inline(type, text);
        case 'interface': {
          const above = interfaceWith(type, field);
          return above === null ? inline(type, text) : inline(above, narrow === null ? text : inline(type, text));
        }
        case 'nested':
          named.push(
            `fragment Outer${number} on ${type} { ...Inner${number}${directive} }`,
            `fragment Inner${number} on ${type} { ${text} }`,
          );
          return `...Outer${number}${directive}`;
        case 'after':
        case 'before':
          named.push(`fragment Part${number} on ${type} { ${text} }`);
          return `...Part${number}${directive}`;
        case undefined:
        default:
          return narrow === null ? text : `... on ${type} { ${text} }`;
      }
    }

    const first = style.twice === 'merged' ? selectionAt(0, 'typename', false) : '';
    const second = style.twice === 'aliases' || style.twice === 'without' ? selectionAt(0, style.end, true) : '';
    const main = selectionAt(0, style.end, false);
    const beside = style.beside === 'open' ? openField(schema.getRootType(operation), persona) : style.beside;
    const body = [beside, first, main, second].filter(Boolean).join(' ');
    const heads = definitions.length === 0 ? '' : `(${definitions.join(', ')})`;
    const attack = `${operation} Attack${heads} { ${body} }`;
    const decoy = style.decoy && `query Decoy { ${openField(schema.getQueryType(), persona) || '__typename'} }`;
    const operations = style.decoy === 'after' ? [attack, decoy] : [decoy, attack];
    const texts = style.fragments === 'before' ? [...named, attack] : [...operations, ...named];
    const place = hops.map((_hop, at) => keyAt(at, false));
    return {
      text: texts.filter(Boolean).join('\n'),
      operationName: style.decoy ? 'Attack' : undefined,
      variables,
      places: style.twice === 'aliases' ? [place, [...place.slice(0, -1), 'again']] : [place],
    };
  };
}

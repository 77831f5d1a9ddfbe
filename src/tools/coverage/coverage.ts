import {
  getNamedType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { Rule, RuleIds } from '../../auth/rules/rule.ts';
import type { OperationNeeds } from '../explain/needs.ts';
import type { RuleSource } from '../source/rule-source.ts';
import { graphOf, kindOfType, type SchemaGraph } from './graph.ts';
import { type OperationCoverage, operationCoverage } from './operations.ts';
import { createFindPaths, type Path } from './paths.ts';
import { type CallerScopes, type Passes, passes, reachedTypes } from './reach.ts';

/** Where a rule of an element comes from. */
export type Origin = 'own' | 'type' | 'root type' | 'interface' | 'returned type' | 'union';

/** A rule that holds for an element, and where it comes from. */
export interface HeldRule {
  readonly rule: Rule;
  readonly from: Origin;
}

/** `public`: a root field with `@public`. `bare`: no rule holds for reading the field. */
export type FieldState = 'guarded' | 'public' | 'bare';

/** A field of an object type or an interface. */
export interface FieldCoverage {
  readonly coordinate: string;
  readonly name: string;
  /** The name of the type of its value. */
  readonly returns: string;
  readonly state: FieldState;
  /** The ENFORCE rules for reading it: its own, of the type that has it, and of the type of its value. */
  readonly rules: readonly HeldRule[];
  /** The number of the form of these rules in the graph. */
  readonly form: number;
  /** The rules of its arguments, which hold if the argument is supplied. */
  readonly argumentRules: readonly Rule[];
  /** Whether the caller reads it. `null`: no caller was chosen. */
  readonly reached: Passes | null;
}

/** An object type, an interface or a union. */
export interface TypeCoverage {
  readonly name: string;
  readonly number: number;
  readonly kind: 'type' | 'interface' | 'union';
  readonly rules: readonly HeldRule[];
  readonly fields: readonly FieldCoverage[];
  readonly reached: Passes | null;
}

/** The bare fields of a type, and the paths on which an operation reaches them. */
export interface BareFields {
  readonly type: string;
  readonly fields: readonly string[];
  /** Empty: no operation reaches the type. */
  readonly paths: readonly Path[];
}

/** What the rules of a schema cover. */
export interface Coverage {
  readonly source: RuleSource;
  readonly graph: SchemaGraph;
  readonly types: readonly TypeCoverage[];
  /** The rules of input types, enums, scalars and their members. */
  readonly inputRules: readonly Rule[];
  readonly bare: readonly BareFields[];
  readonly counts: Readonly<Record<FieldState, number>> & { readonly types: number; readonly fields: number };
  readonly caller: CallerScopes | undefined;
  /** The operations of clients. `null`: none were given. */
  readonly operations: readonly OperationCoverage[] | null;
}

/**
 * Finds what the rules of a schema cover.
 *
 * @param caller - the scopes of a caller. `null`: a caller without a token. Default: no caller
 * @param operations - what the operations of clients need. Default: no operations are given
 */
export function coverageOf(
  source: RuleSource,
  caller?: CallerScopes,
  operations: readonly OperationNeeds[] | null = null,
): Coverage {
  const graph = graphOf(source);
  const reached = caller === undefined ? null : reachedTypes(graph, caller);
  const isRoot = new Set(graph.roots.map((at) => graph.types[at]?.name));
  const ofForm = caller === undefined ? null : graph.forms.map((form) => passes(form, caller));
  const types = graph.types.map((type, number): TypeCoverage => {
    const typeReached = reached?.[number] ?? null;
    const rules = isUnionType(type)
      ? source.rules.filter(({ coordinate, mode }) => coordinate === type.name && mode === 'ENFORCE')
      : rulesWith(source, graph.elements.typeRules(type.name));
    const fields = isUnionType(type) ? [] : Object.values(type.getFields());
    return {
      name: type.name,
      number,
      kind: kindOfType(type),
      rules: rules.map((rule) => ({ rule, from: rule.coordinate === type.name ? 'own' : 'interface' })),
      reached: typeReached,
      fields: fields.map((field) => {
        // A union has no fields.
        const covered = fieldOf(
          source,
          graph,
          type as GraphQLObjectType | GraphQLInterfaceType,
          field,
          isRoot.has(type.name),
        );
        return {
          ...covered,
          reached: lesser(typeReached, ofForm?.[covered.form] ?? passesForm(graph, covered.form, caller)),
        };
      }),
    };
  });
  const states = types.filter(({ kind }) => kind === 'type').flatMap(({ fields }) => fields.map(({ state }) => state));
  const count = (state: FieldState): number => states.filter((one) => one === state).length;
  return {
    source,
    graph,
    types,
    inputRules: source.rules.filter(
      ({ kind, mode }) => mode === 'ENFORCE' && /^(?:inputObject|inputField|enum|enumValue|scalar)$/.test(kind),
    ),
    bare: bareFields(graph, types),
    counts: {
      types: types.length,
      fields: states.length,
      guarded: count('guarded'),
      public: count('public'),
      bare: count('bare'),
    },
    caller,
    operations: operations && operations.map((needs) => operationCoverage(needs, caller)),
  };
}

function passesForm({ forms }: SchemaGraph, number: number, caller: CallerScopes | undefined): Passes | null {
  const form = forms[number];
  return caller === undefined || !form ? null : passes(form, caller);
}

function lesser(one: Passes | null, other: Passes | null): Passes | null {
  if (one === null || other === null) return null;
  if (one === 'no' || other === 'no') return 'no';
  return one === 'depends' ? one : other;
}

function rulesWith({ rules }: RuleSource, ids: RuleIds): readonly Rule[] {
  return ids.flatMap((id) => rules[id] ?? []);
}

function fieldOf(
  source: RuleSource,
  { elements, formOfRules }: SchemaGraph,
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: GraphQLField<unknown, unknown>,
  isRoot: boolean,
): Omit<FieldCoverage, 'reached'> {
  const coordinate = `${type.name}.${field.name}`;
  const own = elements.ownRules(type.name, field.name);
  const ofType = isRoot ? [] : elements.typeRules(type.name);
  const returned = elements.returnRules(type.name, field.name);
  const ids = [...new Set([...own, ...ofType, ...returned])];
  const holders = [type, ...type.getInterfaces()].map(({ name }) => name);
  const originOf = (rule: Rule): Origin => {
    if (rule.coordinate === coordinate) return 'own';
    if (own.includes(rule.id)) {
      if (rule.coordinate === type.name) return 'root type';
      return holders.includes(rule.coordinate.split('.', 1)[0] ?? '') ? 'interface' : 'returned type';
    }
    if (ofType.includes(rule.id)) return rule.coordinate === type.name ? 'type' : 'interface';
    return isUnionType(getNamedType(field.type)) && rule.kind === 'union' ? 'union' : 'returned type';
  };
  const rules = rulesWith(source, ids).map((rule) => ({ rule, from: originOf(rule) }));
  const isPublic = isRoot && source.publicFields.has(coordinate);
  const places = new Set(
    field.args.flatMap(({ name }) => holders.map((holder) => `${holder}.${field.name}(${name}:)`)),
  );
  return {
    coordinate,
    name: field.name,
    returns: getNamedType(field.type).name,
    state: ids.length > 0 ? 'guarded' : isPublic ? 'public' : 'bare',
    rules,
    form: formOfRules(ids),
    argumentRules: places.size === 0 ? [] : argumentRules(source).filter(({ coordinate: at }) => places.has(at)),
  };
}

const known = new WeakMap<readonly Rule[], readonly Rule[]>();

function argumentRules({ rules }: RuleSource): readonly Rule[] {
  let found = known.get(rules);
  if (!found) {
    found = rules.filter(({ kind, mode }) => kind === 'argument' && mode === 'ENFORCE');
    known.set(rules, found);
  }
  return found;
}

/** Lists the bare fields of object types. A field of an interface is read on an object, and is a field of its type. */
function bareFields(graph: SchemaGraph, types: readonly TypeCoverage[]): readonly BareFields[] {
  const findPaths = createFindPaths(graph);
  return types.flatMap(({ name, number, fields }) => {
    const type = graph.types[number];
    if (!isObjectType(type) || isInterfaceType(type)) return [];
    const bare = fields.filter(({ state }) => state === 'bare').map(({ coordinate }) => coordinate);
    if (bare.length === 0) return [];
    return [{ type: name, fields: bare, paths: graph.roots.includes(number) ? [] : findPaths(number) }];
  });
}

import {
  type GraphQLObjectType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { getNamedType, isAbstractType } from 'graphql';
import { rootTypes } from '../../../auth/rules/root-types.ts';
import type { Rule } from '../../../auth/rules/rule.ts';
import { isRecord } from '../../../protocol/record.ts';
import type { RulesAt } from '../verdict/rules-at.ts';
import { suppliedRules } from './supplied.ts';
import type { Given } from '../../values/given.ts';
import type { Route } from './hop.ts';
import { createInputUses } from '../../values/input-uses.ts';
import type { Routes } from './routes.ts';
import { type FieldPlace, keyOf, push } from './place-index.ts';
import type { Target } from './target.ts';
import type { Values } from '../../values/values.ts';

/** The targets of one element. */
export interface ElementTargets {
  readonly coordinate: string;
  readonly targets: readonly Target[];
  /** The number of further places, which are not attacked. */
  readonly further: number;
}

/** How many arguments are tried for one input. */
const mostUses = 3;

/**
 * Finds the places of each element with a rule.
 *
 * @param mostPlaces - the largest number of places at which one element is attacked
 */
export function createTargets(
  schema: GraphQLSchema,
  rules: RulesAt,
  routes: Routes,
  values: Values,
  mostPlaces: number,
) {
  const uses = createInputUses(schema, values);
  const roots = new Set(rootTypes(schema).map(({ name }) => name));
  const asField = new Map<Rule, FieldPlace[]>();
  const asValue = new Map<Rule, FieldPlace[]>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.keys(type.getFields())) {
      for (const rule of rules.ofField(type.name, field)) push(asField, rule, { type, field });
      for (const rule of rules.ofValue(type.name, field)) push(asValue, rule, { type, field });
    }
  }

  /** Makes a target of a way whose last hop is attacked. */
  function target(
    coordinate: string,
    kind: Target['kind'],
    route: Route,
    ended: string | null,
    { parentType, argument = null }: { readonly parentType?: string; readonly argument?: string | null } = {},
  ): Target | null {
    const { hops } = route;
    const last = hops.at(-1);
    if (!last) return null;
    const concrete = new Map<number, string>();
    if (parentType !== undefined) concrete.set(hops.length - 2, parentType);
    if (ended !== null) concrete.set(hops.length - 1, ended);
    const ofField = [
      ...rules.ofField(last.parent, last.field),
      ...(parentType === undefined ? [] : rules.ofField(parentType, last.field)),
    ];
    const end = last.narrow ?? ended;
    const ofValue = [
      ...rules.ofValue(last.parent, last.field),
      ...(parentType === undefined ? [] : rules.ofValue(parentType, last.field)),
      ...(end === null ? [] : rules.ofType(end)),
    ];
    const supplied = suppliedRules(rules, last.parent, last.field, last.args);
    const before = [
      ...routes.rulesOf({ ...route, hops: hops.slice(0, -1) }),
      ...hops
        .slice(0, -1)
        .flatMap(({ parent, field, narrow }) => [
          ...rules.ofValue(parent, field),
          ...(narrow === null ? [] : rules.ofType(narrow)),
        ]),
      ...(parentType === undefined ? [] : rules.ofType(parentType)),
    ];
    const own =
      kind === 'field'
        ? ofField
        : kind === 'value'
          ? ofValue
          : supplied.filter((rule) => rule.coordinate === coordinate);
    if (own.length === 0) return null;
    const isOwn = new Set(own);
    const way = [...before, ...ofField, ...ofValue, ...supplied].filter((rule) => !isOwn.has(rule));
    return { coordinate, kind, route, concrete, argument, own: [...isOwn], way: [...new Set(way)] };
  }

  function* ofFieldPlace(coordinate: string, kind: 'field' | 'value', { type, field: name }: FieldPlace) {
    const field = type.getFields()[name];
    if (!field) return;
    for (const route of routes.to(type.name))
      yield target(coordinate, kind, routes.extended(route, type.name, field), null);
    for (const above of type.getInterfaces()) {
      const inherited = above.getFields()[name];
      const route = inherited && routes.to(above.name)[0];
      // The field of the interface is selected, and its value is of this type.
      if (inherited && route) {
        yield target(coordinate, kind, routes.extended(route, above.name, inherited), null, { parentType: type.name });
      }
    }
  }

  function* ofType(coordinate: string, objects: readonly GraphQLObjectType[]) {
    for (const object of objects) {
      for (const route of routes.to(object.name)) yield target(coordinate, 'value', route, null);
      // Values of an abstract type, without a fragment that names the type.
      for (const route of routes.to(object.name)) {
        const last = route.hops.at(-1);
        if (!last?.narrow) continue;
        yield target(
          coordinate,
          'value',
          { ...route, hops: [...route.hops.slice(0, -1), { ...last, narrow: null }] },
          object.name,
        );
      }
    }
  }

  function* ofInput(coordinate: string, type: string, end: (base: unknown) => unknown) {
    for (const { parent, field: name, given } of uses.ofType(type, end, mostUses)) {
      yield* withArgument(coordinate, parent, name, given);
    }
  }

  function* withArgument(coordinate: string, parent: string, name: string, given: Given) {
    const type = schema.getType(parent);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) return;
    for (const route of routes.to(parent).slice(0, 2)) {
      const whole = routes.extended(route, parent, field);
      const last = whole.hops.at(-1);
      if (!last) continue;
      const args = [...last.args.filter((one) => one.name !== given.name), given];
      const hops = [...whole.hops.slice(0, -1), { ...last, args }];
      yield target(coordinate, 'input', { ...whole, hops }, null, { argument: given.name });
    }
  }

  function* targetsOf(coordinate: string): Iterable<Target | null> {
    const [typeName = '', member, argument] = coordinate.split(/[.(]/);
    const type = schema.getType(typeName);
    const own = rules.ofElement(coordinate);
    const places = (index: Map<Rule, FieldPlace[]>) => own.slice(0, 1).flatMap((rule) => index.get(rule) ?? []);
    if (argument !== undefined) {
      const name = argument.replace(/:\)$/, '');
      const holders = isInterfaceType(type) ? schema.getPossibleTypes(type).map((one) => one.name) : [typeName];
      for (const holder of holders) {
        const found = schema.getType(holder);
        const field = isObjectType(found) ? found.getFields()[member ?? ''] : undefined;
        const given = field?.args.find((one) => one.name === name);
        if (given) {
          const value = values.of(given.type, `${holder}.${member}(${name}:)`);
          yield* withArgument(coordinate, holder, member ?? '', { name, type: given.type, value });
        }
      }
    } else if (isInputObjectType(type)) {
      const field = member === undefined ? undefined : type.getFields()[member];
      yield* ofInput(coordinate, typeName, (base) =>
        field
          ? {
              ...(type.isOneOf || !isRecord(base) ? {} : base),
              [field.name]: values.of(field.type, coordinate),
            }
          : base,
      );
    } else if (isEnumType(type) && member !== undefined) yield* ofInput(coordinate, typeName, () => member);
    else {
      for (const place of places(asField)) yield* ofFieldPlace(coordinate, 'field', place);
      if (member !== undefined || roots.has(typeName)) return;
      if (isObjectType(type)) yield* ofType(coordinate, [type]);
      else if (isAbstractType(type)) yield* ofType(coordinate, schema.getPossibleTypes(type));
      // Fields of another type that narrows what their interface returns are last, and are never left out.
      for (const place of distinctPlaces(places(asValue))) yield* ofFieldPlace(coordinate, 'value', place);
      if (!isObjectType(type) && !isAbstractType(type)) yield* ofInput(coordinate, typeName, (base) => base);
    }
  }

  /** Puts one field of each returned type first. */
  function distinctPlaces(places: readonly FieldPlace[]): readonly FieldPlace[] {
    const returned = ({ type, field }: FieldPlace): string => String(getNamedType(type.getFields()[field]?.type));
    const first = new Map(places.map((place) => [returned(place), place]));
    return [...new Set([...first.values(), ...places])];
  }

  return (coordinate: string): ElementTargets => {
    const all = [...targetsOf(coordinate)].filter((one) => one !== null);
    const distinct = [...new Map(all.map((one) => [keyOf(one), one])).values()];
    return { coordinate, targets: distinct.slice(0, mostPlaces), further: Math.max(0, distinct.length - mostPlaces) };
  };
}

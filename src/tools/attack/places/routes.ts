import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';
import { maxSelectionDepth } from '../../../auth/plan/selection-depth.ts';
import type { Rule } from '../../../auth/rules/rule.ts';
import type { RulesAt } from '../verdict/rules-at.ts';
import { suppliedRules } from './supplied.ts';
import type { Hop, Route } from './hop.ts';
import type { Values } from '../../values/values.ts';

/** Finds ways through a schema. */
export interface Routes {
  /**
   * Returns the ways to the values of a type: the shortest from each root type, and one through each interface and union
   * that has it. For a root type, the way has no field.
   */
  readonly to: (type: string) => readonly Route[];
  /** Returns the rules on a way, without the rules of the type at its end. */
  readonly rulesOf: (route: Route) => readonly Rule[];
  /** Extends a way by a field. */
  readonly extended: (route: Route, parent: string, field: GraphQLField<unknown, unknown>, narrow?: string) => Route;
}

/** What a hop through a rule costs more than one without, so that ways without a rule come first. */
const costOfRule = 3;

/** How many fields a way has at most. A server refuses an operation that has more, with a field and its value below. */
const maxHops = maxSelectionDepth - 2;

const costOf = (some: readonly Rule[]): number => (some.length > 0 ? costOfRule : 0);

interface Reached {
  readonly cost: number;
  readonly route: Route;
}

/** Makes the function that finds ways. */
export function createRoutes(schema: GraphQLSchema, rules: RulesAt, values: Values): Routes {
  const perRoot = Object.values(OperationTypeNode).flatMap((operation) => {
    const root = schema.getRootType(operation);
    return root ? [{ root: root.name, reached: reachedFrom(root.name, operation) }] : [];
  });

  const returning = fieldsReturning(schema);

  function extended(
    { operation, hops }: Route,
    parent: string,
    field: GraphQLField<unknown, unknown>,
    narrow: string | null = null,
  ): Route {
    const hop: Hop = {
      parent,
      field: field.name,
      args: values.requiredArguments(parent, field.name, field.args),
      narrow,
      isAbstract: isAbstractType(getNamedType(field.type)),
    };
    return { operation, hops: [...hops, hop] };
  }

  /** Finds the cheapest way to each composite type. Buckets by cost take the place of a queue. */
  function reachedFrom(root: string, operation: OperationTypeNode): ReadonlyMap<string, Reached> {
    const best = new Map<string, Reached>();
    const buckets: { readonly type: string; readonly route: Route }[][] = [
      [{ type: root, route: { operation, hops: [] } }],
    ];
    for (let cost = 0; cost < buckets.length; cost += 1) {
      for (const { type: name, route } of buckets[cost] ?? []) {
        if (best.has(name)) continue;
        best.set(name, { cost, route });
        if (route.hops.length >= maxHops) continue;
        const type = schema.getType(name);
        const add = (to: string, next: Route, more: number): void => {
          if (!best.has(to)) (buckets[cost + more] ??= []).push({ type: to, route: next });
        };
        if (isAbstractType(type)) {
          for (const possible of schema.getPossibleTypes(type)) {
            const narrowed = narrowedTo(route, possible.name);
            if (narrowed) add(possible.name, narrowed, 1 + costOf(rules.ofType(possible.name)));
          }
        }
        if (!isObjectType(type) && !isInterfaceType(type)) continue;
        for (const field of Object.values(type.getFields())) {
          const to = getNamedType(field.type);
          if (!isCompositeType(to) || best.has(to.name)) continue;
          const args = field.args.some(
            ({ defaultValue, type: of }) => defaultValue === undefined && String(of).endsWith('!'),
          );
          const ruled = [...rules.ofField(name, field.name), ...rules.ofValue(name, field.name)];
          add(to.name, extended(route, name, field), 1 + costOf(ruled) + (args ? 1 : 0));
        }
      }
    }
    return best;
  }

  /** Finds the cheapest way whose last field returns the type itself, and no interface or union. */
  function throughField(name: string, reached: ReadonlyMap<string, Reached>): Route | null {
    let best: { readonly cost: number; readonly from: FieldOf } | null = null;
    for (const from of returning.get(name) ?? []) {
      const above = reached.get(from.holder);
      if (!above || from.holder === name) continue;
      const ruled = [...rules.ofField(from.holder, from.field.name), ...rules.ofValue(from.holder, from.field.name)];
      const cost = above.cost + costOf(ruled);
      if (!best || cost < best.cost) best = { cost, from };
    }
    const route = best && reached.get(best.from.holder)?.route;
    return best && route ? extended(route, best.from.holder, best.from.field) : null;
  }

  function routesTo(name: string): readonly Route[] {
    const type = schema.getType(name);
    const found: Route[] = [];
    for (const { root, reached } of perRoot) {
      const direct = reached.get(name);
      if (direct && (root !== name || direct.route.hops.length === 0)) found.push(direct.route);
      const byField = throughField(name, reached);
      if (byField && root !== name) found.push(byField);
      if (!isObjectType(type)) continue;
      for (const above of abstractTypesOf(schema, type)) {
        const narrowed = narrowedTo(reached.get(above.name)?.route, name);
        if (narrowed) found.push(narrowed);
      }
    }
    return [...new Map(found.map((route) => [keyOf(route), route])).values()];
  }

  function rulesOf({ hops }: Route): readonly Rule[] {
    return [
      ...new Set(
        hops.flatMap(({ parent, field, args, narrow }, at) => [
          ...rules.ofField(parent, field),
          ...suppliedRules(rules, parent, field, args),
          ...(at < hops.length - 1
            ? [...rules.ofValue(parent, field), ...(narrow === null ? [] : rules.ofType(narrow))]
            : []),
        ]),
      ),
    ];
  }
  return { to: routesTo, rulesOf, extended };
}

interface FieldOf {
  readonly holder: string;
  readonly field: GraphQLField<unknown, unknown>;
}

/** Lists the fields of object types by the composite type that they return. */
function fieldsReturning(schema: GraphQLSchema): ReadonlyMap<string, readonly FieldOf[]> {
  const all = Object.values(schema.getTypeMap()).flatMap((type): FieldOf[] =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields()).map((field) => ({ holder: type.name, field }))
      : [],
  );
  return Map.groupBy(all, ({ field }) => getNamedType(field.type).name);
}

/** Narrows the value at the end of a way to a possible type. `null`: the way is empty, or is narrowed already. */
function narrowedTo(route: Route | undefined, possible: string): Route | null {
  const last = route?.hops.at(-1);
  if (!route || !last || last.narrow !== null) return null;
  return { ...route, hops: [...route.hops.slice(0, -1), { ...last, narrow: possible }] };
}

const abstractTypes = new WeakMap<GraphQLSchema, readonly GraphQLNamedType[]>();

function abstractTypesOf(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  let all = abstractTypes.get(schema);
  if (!all) abstractTypes.set(schema, (all = Object.values(schema.getTypeMap()).filter(isAbstractType)));
  return all.filter((one) => isAbstractType(one) && isObjectType(type) && schema.isSubType(one, type));
}

function keyOf({ operation, hops }: Route): string {
  return JSON.stringify([operation, hops.map(({ parent, field, narrow }) => [parent, field, narrow])]);
}

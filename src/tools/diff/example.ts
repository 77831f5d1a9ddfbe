import { isAbstractType, isCompositeType, parse, validate } from 'graphql';
import type { Witness } from '../../auth/algebra/witness.ts';
import type { Access } from './access/access.ts';
import { formLetsIn } from './access/forms.ts';
import type { ReadField, Way } from './access/way.ts';

/** The ways from a root type to a field, and the field. */
export interface Route {
  readonly ways: readonly Way[];
  readonly field: ReadField;
}

/** Finds how a caller reaches the fields of a schema. */
export interface FindRoute {
  /** Returns the shortest ways to a type. `null`: the caller does not reach it. */
  readonly to: (type: string) => readonly Way[] | null;
}

/** Makes the function that finds routes. The routes of one caller are found one time. */
export function createFindRoute(access: Access): (witness: Witness) => FindRoute {
  const known = new Map<string, FindRoute>();
  return (witness) => {
    const { principal, now, owners, policies } = witness;
    const person = principal.kind === 'anonymous' ? null : [[...principal.scopes].toSorted(), principal.claims];
    const key = JSON.stringify([person, now, owners, policies]);
    let found = known.get(key);
    if (!found) {
      found = routesOf(access, witness);
      known.set(key, found);
    }
    return found;
  };
}

function routesOf({ roots, waysFrom }: Access, witness: Witness): FindRoute {
  const last = new Map<string, Way | null>([...roots.keys()].map((root) => [root, null]));
  const decided = new Map<Way['form'], boolean>();
  for (const [type] of last) {
    for (const way of waysFrom.get(type) ?? []) {
      if (last.has(way.to)) continue;
      const passes = decided.get(way.form) ?? formLetsIn(way.form, witness);
      decided.set(way.form, passes);
      if (passes) last.set(way.to, way);
    }
  }
  return {
    to(type) {
      if (!last.has(type)) return null;
      const ways: Way[] = [];
      for (let way = last.get(type); way; way = last.get(way.from)) ways.push(way);
      return ways.toReversed();
    },
  };
}

/** Returns the route of a caller to a field. `null`: the caller does not read the field. */
export function routeTo(find: FindRoute, field: ReadField, witness: Witness): Route | null {
  if (!formLetsIn(field.form, witness)) return null;
  const ways = find.to(field.type);
  return ways && { ways, field };
}

/**
 * Writes an operation that reads a field on a route, with the required arguments. If a field on the way returns another
 * type in the other schema, the operation names the type. Otherwise it would read a field of another type there.
 *
 * @returns null if the operation is not valid, because a custom scalar accepts none of the example values
 */
export function writeOperation(access: Access, other: Access, { ways, field }: Route, witness: Witness): string | null {
  const { schema } = access.source;
  const callOf = ({ name, calls }: ReadField): string => {
    const call = calls.find(({ form }) => formLetsIn(form, witness)) ?? calls[0];
    return `${name}${call?.text ?? ''}`;
  };
  const leaf = (): string => {
    const returned = schema.getType(field.returns);
    if (!isCompositeType(returned)) return callOf(field);
    const possible = isAbstractType(returned) ? schema.getPossibleTypes(returned) : [];
    const open = possible.find(({ name }) => formLetsIn(access.typeForm(name), witness));
    return `${callOf(field)} { ${open ? `... on ${open.name} { __typename }` : '__typename'} }`;
  };
  const inner = ways.reduceRight((text, way) => {
    if (!way.field) return `... on ${way.to} { ${text} }`;
    const returned = other.fields.get(way.field.coordinate)?.returns ?? way.to;
    const isNamed = returned !== way.to && !isAbstractType(schema.getType(way.to));
    return `${callOf(way.field)} { ${isNamed ? `... on ${way.to} { ${text} }` : text} }`;
  }, leaf());
  const [first] = ways;
  const operation = access.roots.get(first?.from ?? field.type) ?? 'query';
  const text = `${operation === 'query' ? '' : `${operation} `}{ ${inner} }`;
  return validate(schema, parse(text), undefined, { maxErrors: 1 }).length === 0 ? text : null;
}

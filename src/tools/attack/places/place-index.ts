import type { GraphQLObjectType } from 'graphql';
import type { Rule } from '../../../auth/rules/rule.ts';
import type { Target } from './target.ts';

/** A field of an object type. */
export interface FieldPlace {
  readonly type: GraphQLObjectType;
  readonly field: string;
}

/** Returns a text that is equal only for targets that ask for the same place in the same way. */
export function keyOf({ kind, route, concrete, argument }: Target): string {
  return JSON.stringify([
    kind,
    route.operation,
    route.hops.map(({ parent, field, narrow }) => [parent, field, narrow]),
    [...concrete],
    argument,
  ]);
}

/** Adds a field to the fields of a rule. */
export function push(map: Map<Rule, FieldPlace[]>, rule: Rule, place: FieldPlace): void {
  const list = map.get(rule);
  if (list) list.push(place);
  else map.set(rule, [place]);
}

import type { GraphQLSchema } from 'graphql';
import { defaultNames, type ResolvedDirectiveNames } from '../directive-names.ts';
import { faultAt } from '../modules/fault.ts';
import { type Directed, membersOf } from './directed.ts';
import { isRuleLike } from './extensions.ts';

/**
 * Warns of `extensions.auth` with the form of a rule, if `@auth` has another name. The member then belongs to the team,
 * and guards nothing.
 */
export function* idleRules(schema: GraphQLSchema, { auth }: ResolvedDirectiveNames): Iterable<string> {
  if (auth === defaultNames.auth) return;
  const message = `extensions.${defaultNames.auth} has the form of a rule and guards nothing; Claimgate's is extensions.${auth}`;
  for (const type of Object.values(schema.getTypeMap())) {
    const elements: [coordinate: string, element: Directed][] = [[type.name, type]];
    for (const [name, member] of membersOf(type)) {
      const coordinate = `${type.name}.${name}`;
      elements.push([coordinate, member]);
      for (const argument of member.args ?? []) elements.push([`${coordinate}(${argument.name}:)`, argument]);
    }
    for (const [coordinate, { extensions }] of elements) {
      if (isRuleLike(extensions?.[defaultNames.auth])) yield faultAt(coordinate, [], message);
    }
  }
}

import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import type { Persona } from '../callers/persona.ts';
import { suppliedRules } from '../places/supplied.ts';
import { literalOf } from '../../values/literal.ts';
import type { Values } from '../../values/values.ts';
import type { Judge } from '../verdict/judge.ts';
import type { RulesAt } from '../verdict/rules-at.ts';

/** The response key of a field beside the attacked one. */
export const besideKey = 'claimgateBeside';

/** Chooses what is selected beside and around the attacked place. */
interface Selections {
  readonly leavesOf: (type: GraphQLCompositeType) => string;
  readonly openField: (root: GraphQLObjectType | undefined | null, persona: Persona) => string;
  readonly interfaceWith: (type: string, field: string) => string | null;
}

/** Makes the functions that choose fields without a rule, or with rules that let in a persona. */
export function createSelections(schema: GraphQLSchema, rules: RulesAt, judge: Judge, values: Values): Selections {
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
      return `${besideKey}: ${field.name}${given === '' ? '' : `(${given})`}${isCompositeType(value) ? ' { __typename }' : ''}`;
    }
    return '';
  }

  /** Returns an interface of a type that has one of its fields. `null`: no interface of the type has it. */
  function interfaceWith(name: string, field: string): string | null {
    const type = schema.getType(name);
    const all = isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
    return all.find((one) => Object.hasOwn(one.getFields(), field))?.name ?? null;
  }
  return { leavesOf, openField, interfaceWith };
}

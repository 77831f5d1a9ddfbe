import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { NormalForm } from '../../../auth/algebra/form.ts';
import type { Rule } from '../../../auth/rules/rule.ts';
import type { Access } from './access.ts';

/** An argument, an input field or an enum value, and who may supply it. */
export interface Input {
  readonly coordinate: string;
  /** The coordinate of the field of an argument. `null`: it is no argument. */
  readonly field: string | null;
  readonly form: NormalForm;
  /** The coordinates of its rules. */
  readonly ruleCoordinates: string;
}

/**
 * Finds who may supply the inputs of a schema, where the field lets the caller in. An input without a rule is open to all,
 * so it is found too.
 */
export function inputsOf({ source: { schema, rules }, forms }: Access): ReadonlyMap<string, Input> {
  const carried = Map.groupBy(
    rules.filter(({ mode }) => mode === 'ENFORCE'),
    ({ coordinate }) => coordinate,
  );
  const inputs = new Map<string, Input>();
  const known = new Map<string, Pick<Input, 'form' | 'ruleCoordinates'>>();
  const add = (coordinate: string, field: string | null, places: readonly string[]): void => {
    const held: readonly Rule[] = [...new Set(places)].flatMap((place) => carried.get(place) ?? []);
    const key = held.map(({ id }) => id).join();
    let found = known.get(key);
    if (!found) {
      const ruleCoordinates = [...new Set(held.map((rule) => rule.coordinate))].toSorted().join(' ');
      found = { form: forms.ofRules(held), ruleCoordinates };
      known.set(key, found);
    }
    inputs.set(coordinate, { coordinate, field, ...found });
  };
  const typeOf = ({ type }: GraphQLArgument | GraphQLInputField): string => getNamedType(type).name;
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isObjectType(type)) {
      const holders = [type.name, ...type.getInterfaces().map(({ name }) => name)];
      for (const field of Object.values(type.getFields())) {
        for (const argument of field.args) {
          const places = holders.map((holder) => `${holder}.${field.name}(${argument.name}:)`);
          const coordinate = `${type.name}.${field.name}(${argument.name}:)`;
          add(coordinate, `${type.name}.${field.name}`, [...places, typeOf(argument)]);
        }
      }
    } else if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const coordinate = `${type.name}.${field.name}`;
        add(coordinate, null, [coordinate, type.name, typeOf(field)]);
      }
    } else if (isEnumType(type)) {
      for (const { name } of type.getValues()) add(`${type.name}.${name}`, null, [`${type.name}.${name}`, type.name]);
    }
  }
  return inputs;
}

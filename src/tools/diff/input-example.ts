import { isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { never } from '../../auth/algebra/form.ts';
import type { Witness } from '../../auth/algebra/witness.ts';
import { isRecord } from '../../protocol/record.ts';
import { createInputUses, type InputUse, type InputUses } from '../values/input-uses.ts';
import type { Values } from '../values/values.ts';
import { callValues } from './access/call.ts';
import type { Input } from './access/inputs.ts';
import type { Example } from './change.ts';
import { formLetsIn } from './access/forms.ts';
import { dependsOf, judgedDifference } from './compare.ts';
import { routeTo, writeOperation } from './example.ts';
import { accessTo, type Pair } from './pair.ts';

/** How many arguments are tried for one input. */
const mostUses = 8;

/**
 * Makes the function that finds a caller who supplies an input anew, and an operation that shows it. `null`: none of the
 * first `mostUses` arguments that can supply the input gives such an operation.
 */
export function createInputExample(pair: Pair): (input: Input) => Example | null {
  const { access } = pair.here;
  const { schema } = access.source;
  const isRuled = (at: string): boolean => access.isRuled(at) || pair.there.access.isRuled(at);
  // Other lists are empty, if this is enough to supply the input.
  const choices = [...callValues(isRuled, false), ...callValues(isRuled, true)].map((values) => {
    let uses: InputUses | undefined;
    return { values, uses: () => (uses ??= createInputUses(schema, values)) };
  });

  function usesOf({ coordinate }: Input, { values, uses }: (typeof choices)[number]): readonly InputUse[] {
    const [, typeName = '', member = '', argument] = /^(\w+)\.(\w+)(?:\((\w+):\))?$/.exec(coordinate) ?? [];
    const type = schema.getType(typeName);
    if (isObjectType(type)) {
      const found = type.getFields()[member]?.args.find(({ name }) => name === argument);
      if (!found) return [];
      const given = { name: found.name, type: found.type, value: values.of(found.type, coordinate) };
      return [{ parent: typeName, field: member, given }];
    }
    if (isEnumType(type)) return uses().ofType(typeName, () => member, mostUses);
    const field = isInputObjectType(type) ? type.getFields()[member] : undefined;
    if (!field || !isInputObjectType(type)) return [];
    const supplied = { [member]: values.of(field.type, coordinate) };
    return uses().ofType(
      typeName,
      (base) => ({ ...(type.isOneOf || !isRecord(base) ? {} : base), ...supplied }),
      mostUses,
    );
  }

  /** Returns a caller who gets in anew with the arguments of a use. First, one who gets in before without the input. */
  function exampleOf({ parent, field: name, given }: InputUse, values: Values): Example | null {
    const field = access.fields.get(`${parent}.${name}`);
    const type = schema.getType(parent);
    if (!field || !isObjectType(type)) return null;
    const args = values
      .requiredArguments(parent, name, type.getFields()[name]?.args ?? [])
      .filter((one) => one.name !== given.name);
    const call = access.callWith(parent, name, [...args, given]);
    if (!call) return null;
    const old = pair.there.access.callWith(parent, name, [...args, given]);
    const { both } = access.forms;
    const form = both(access.reach(parent), call.form);
    const other = old ? both(pair.there.access.reach(parent), old.form) : never;
    const without = accessTo(pair.there, field.coordinate) ?? never;
    const isInOther = (witness: Witness): boolean =>
      old !== null && formLetsIn(old.form, witness) && pair.there.routes(witness).to(parent) !== null;
    for (const some of [both(form, without), form]) {
      const witness = judgedDifference(some, other, pair.difference, isInOther);
      if (witness === null || witness === 'unknown') continue;
      const route = routeTo(pair.here.routes(witness), { ...field, form: call.form, calls: [call] }, witness);
      const operation = route && writeOperation(access, pair.there.access, route, witness);
      if (operation) return { witness, depends: dependsOf(witness), operation };
    }
    return null;
  }

  return (input) => {
    for (const choice of choices) {
      for (const use of usesOf(input, choice)) {
        const example = exampleOf(use, choice.values);
        if (example) return example;
      }
    }
    return null;
  };
}

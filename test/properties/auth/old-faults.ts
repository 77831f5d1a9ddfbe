/** A place of the engine made wrong: the file, what stands there, and what would stand there instead. */
export type Edit = readonly [file: string, right: string, wrong: string];
export type Fault = Edit | readonly Edit[];

/** Faults that the engine once had, planted as they were. */
export const oldFaults: Readonly<Record<string, Fault>> = {
  'E-5 a field that narrows a union to a member drops the rule of the union': [
    'elements.ts',
    'const returns = parents.flatMap((parent) => returnedRules(returnedBy(schema.getType(parent), field.name)));',
    'const returns = returnedRules(returned);',
  ],
  'E-6 the guard invents an isTypeOf that authors see': [
    'guard-value.ts',
    'const guarded = abstractTypesWithRules(schema, guard);',
    `const guarded = abstractTypesWithRules(schema, guard);
    const all = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
    for (const type of all.filter(isAbstractType)) {
      const possible = schema.getPossibleTypes(type).map(({ name, isTypeOf }) => ({ name, isTypeOf }));
      type.resolveType ??= (value, context, info, abstractType) =>
        defaultTypeResolver(value, context, { ...info, schema: { getPossibleTypes: () => possible } } as never, abstractType);
    }
    for (const type of all.filter(isObjectType)) {
      if (guard.elements.typeRules(type.name).length > 0) type.isTypeOf ??= () => true;
    }`,
  ],
};

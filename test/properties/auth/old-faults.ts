/** An edit that makes the engine wrong: the file, the right text, and the wrong text. */
export type Edit = readonly [file: string, right: string, wrong: string];
export type Fault = Edit | readonly Edit[];

/** Faults that the engine once had. */
export const oldFaults: Readonly<Record<string, Fault>> = {
  // `sweep.ts` detects this fault.
  'E-1 a finding about an input is kept before it is complete, and a stack that is exhausted lets it pass': [
    [
      'inputs/inspect.ts',
      'export function inspect(',
      `const early = new WeakMap<object, Set<number>>();
      export function inspect(args: Readonly<Record<string, unknown>>, places: readonly Place[]): RuleIds {
        const found = new Set<number>();
        for (const place of places) inPlace(args, place, found);
        return [...found].sort((a, b) => a - b);
      }
      function inPlace(value: object, { name, own, shape, lists }: Place, found: Set<number>): void {
        if (!Object.hasOwn(value, name)) return;
        for (const id of own) found.add(id);
        if (shape) eachItem((value as Readonly<Record<string, unknown>>)[name], shape, lists, found);
      }
      function eachItem(value: unknown, shape: Shape, lists: number, found: Set<number>): void {
        if (lists === 0 || !Array.isArray(value)) inValue(value, shape, found);
        else for (const item of value) eachItem(item, shape, lists - 1, found);
      }
      function inValue(value: unknown, shape: Shape, found: Set<number>): void {
        for (const id of (shape.values.get(value) ?? shape.itself).ids) found.add(id);
        if (typeof value !== 'object' || value === null) return;
        let inside = early.get(value);
        if (!inside) {
          inside = new Set();
          early.set(value, inside);
          for (const place of shape.fields) inPlace(value, place, inside);
        }
        for (const id of inside) found.add(id);
      }
      export function inspectCompletely(`,
    ],
    [
      'plan/operation-variables.ts',
      'return inputs ? variables.supplied(inputs) : [];',
      'return inputs ? (variables.supplied(inputs) ?? []) : [];',
    ],
  ],
  'E-7 a mutation is refused only if all possible types have the same rule': [
    [
      'decide/verdict.ts',
      "const byParents = deep && decide(ids, principal) !== 'deny' ? types.ofParent(field) : null;",
      'const byParents = null as ReturnType<typeof types.ofParent>;',
    ],
    ['decide/verdict.ts', 'const byValues = types.ofValue(field);', 'const byValues = null;'],
  ],
  'E-7 a mutation runs if each type of its payload denies and all selections below are skipped': [
    'decide/verdict.ts',
    'const byValues = types.ofValue(field);',
    'const byValues = null;',
  ],
  'E-5 a field that narrows a union to a member drops the rule of the union': [
    'rules/elements.ts',
    ': parents.flatMap((parent) => returnedRules(returnedBy(schema.getType(parent), field.name)));',
    ': returnedRules(returned);',
  ],
  'E-6 the guard invents an isTypeOf that authors see': [
    'guard/value.ts',
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

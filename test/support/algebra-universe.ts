import * as fc from 'fast-check';
import type { Requirement, Rule } from '../../src/auth/rules/rule.ts';
import type { Witness } from '../../src/auth/algebra/witness.ts';
import { anonymous } from '../../src/principal.ts';
import { subsetsOf } from './algebra.ts';
import { person } from './rules.ts';

/** The time of all callers, in milliseconds since the epoch. */
const now = 1_000_000;
const about = 'Query.x';

/**
 * All callers that can differ for `smallRules`: each value of a claim that a rule can name, a value that no rule names,
 * and no value.
 */
export const universe: readonly Witness[] = [
  { principal: anonymous, now, owners: [], policies: [] },
  ...subsetsOf(['a', 'b']).flatMap((scopes) =>
    [undefined, 'x', 'y', 'z', ['x'], ['z'], {}].flatMap((dept) =>
      [undefined, 'gold', '1', 1, 'z', {}].flatMap((acr) =>
        [undefined, 1_000, 990, 970, 'z'].flatMap((authTime) => {
          const claims = Object.entries({ dept, acr, auth_time: authTime }).filter(([, value]) => value !== undefined);
          const principal = person(scopes.join(' '), Object.fromEntries(claims));
          return [
            { principal, now, owners: [], policies: [] },
            { principal, now, owners: [], policies: [{ name: 'p', about }] },
            { principal, now, owners: [{ kind: 'field' as const, name: 'id', about }], policies: [] },
            {
              principal,
              now,
              owners: [{ kind: 'field' as const, name: 'id', about }],
              policies: [{ name: 'p', about }],
            },
          ];
        }),
      ),
    ),
  ),
];

const claim = fc.constantFrom<Requirement['claims'][number]>(
  { claim: ['dept'], operator: 'oneOf', values: ['x'] },
  { claim: ['dept'], operator: 'oneOf', values: ['y'] },
  { claim: ['dept'], operator: 'oneOf', values: ['x', 'y'] },
  { claim: ['dept'], operator: 'contains', value: 'x' },
  { claim: ['dept'], operator: 'exists' },
  { claim: ['acr'], operator: 'oneOf', values: ['gold'] },
  { claim: ['acr'], operator: 'oneOf', values: ['gold', '1'] },
  { claim: ['acr'], operator: 'exists' },
  { claim: ['auth_time'], operator: 'exists' },
);

const requirement: fc.Arbitrary<Requirement> = fc.record({
  scope: fc.constantFrom([[]], [[]], [[]], [['a']], [['b']], [['a'], ['b']], [['a', 'b']]),
  claims: fc.oneof(fc.constant([]), fc.array(claim, { minLength: 1, maxLength: 2 })),
  owner: fc.constantFrom(null, null, null, null, { kind: 'field' as const, name: 'id' }),
  policies: fc.constantFrom([], [], [], [], ['p']),
  maxAge: fc.constantFrom(null, null, null, 0, 10, 30),
  acr: fc.constantFrom(null, null, null, ['gold'], ['1'], ['gold', '1']),
});

/** Rules whose callers are all in `universe`, as far as they differ. */
export const smallRules: fc.Arbitrary<readonly Rule[]> = fc.array(
  fc.record({
    id: fc.constant(0),
    coordinate: fc.constant(about),
    kind: fc.constant('field' as const),
    module: fc.constant('one'),
    mode: fc.constant('ENFORCE' as const),
    requirement,
    anyOf: fc.oneof(fc.constant([]), fc.array(requirement, { minLength: 1, maxLength: 4 })),
    source: fc.constant('@auth'),
  }),
  { minLength: 1, maxLength: 2 },
);

const part = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Two rules of which the alternatives of the second may together cover the first. */
export const coveringRules: fc.Arbitrary<readonly [readonly Rule[], readonly Rule[]]> = fc
  .array(
    fc.record({
      scope: part<Requirement['scope']>([[]], [[]], [['a']]),
      claims: part<Requirement['claims']>(
        [],
        [{ claim: ['dept'], operator: 'oneOf', values: ['x'] }],
        [{ claim: ['dept'], operator: 'oneOf', values: ['y'] }],
        [{ claim: ['dept'], operator: 'exists' }],
      ),
      owner: fc.constant(null),
      policies: fc.constant([]),
      maxAge: part(null, null, 30, 10),
      acr: part(null, ['gold'], ['1']),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((anyOf) => {
    const open: Requirement = { scope: [['a']], claims: [], owner: null, policies: [], maxAge: 30, acr: null };
    const rule = { id: 0, coordinate: about, kind: 'field', module: 'one', mode: 'ENFORCE', source: '@auth' } as const;
    const claims: Requirement['claims'] = [{ claim: ['dept'], operator: 'oneOf', values: ['x', 'y'] }];
    const narrow: Requirement = { ...open, claims, acr: ['gold', '1'] };
    return [
      [{ ...rule, requirement: narrow, anyOf: [] }],
      [{ ...rule, requirement: { ...open, scope: [[]], maxAge: null }, anyOf }],
    ];
  });

import * as fc from 'fast-check';
import { decideRequirement } from '../../src/auth/decide/decide.ts';
import type { ClaimRule } from '../../src/auth/rules/claim.ts';
import type { Requirement, Rule } from '../../src/auth/rules/rule.ts';
import type { Witness } from '../../src/auth/algebra/witness.ts';
import { anonymous, makePrincipal, type Principal } from '../../src/principal.ts';
import { person } from './rules.ts';

export const scopes = ['a', 'b', 'c', 'd'];
const coordinates = ['Query.x', 'T'];
const texts = ['x', 'y', '1', 'true', 'gold', '1000', '990'];
const paths = [['dept'], ['org'], ['org', 'role'], ['org', 'role', 'deep'], ['acr'], ['acr', 'x'], ['auth_time']];

const claimRule: fc.Arbitrary<ClaimRule> = fc.oneof(
  fc.record({
    claim: fc.constantFrom(...paths),
    operator: fc.constant('oneOf' as const),
    values: fc.subarray(texts, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    claim: fc.constantFrom(...paths),
    operator: fc.constant('contains' as const),
    value: fc.constantFrom(...texts),
  }),
  fc.record({ claim: fc.constantFrom(...paths), operator: fc.constant('exists' as const) }),
);

/** Returns a value that is mostly left out, so that rules are not too narrow. */
const rarely = <T, U>(value: fc.Arbitrary<T>, otherwise: U) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: value });

/** Returns requirements with at most so many alternatives of scopes. */
const requirementOf = (known: string[], most: number): fc.Arbitrary<Requirement> =>
  fc.record({
    scope: fc.oneof(
      { weight: 4, arbitrary: fc.constant([[]]) },
      {
        weight: 6,
        arbitrary: fc.array(fc.subarray(known, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: most }),
      },
    ),
    claims: rarely(fc.array(claimRule, { minLength: 1, maxLength: 2 }), []),
    owner: rarely(
      fc.record({ kind: fc.constantFrom('field' as const, 'argument' as const), name: fc.constant('id') }),
      null,
    ),
    policies: rarely(fc.subarray(['p', 'q'], { minLength: 1 }), []),
    maxAge: rarely(fc.constantFrom(0, 10, 30), null),
    acr: rarely(fc.subarray(['gold', '1', 'x'], { minLength: 1 }), null),
  });

const fewScopes = requirementOf(scopes, 3);
/** Three rules of them have more alternatives than a form may have. */
const manyScopes = requirementOf('abcdefghijklmnop'.split(''), 12);

/** Rules as they meet at one element. */
export const rulesArbitrary = (maxLength: number, requirement = fewScopes): fc.Arbitrary<readonly Rule[]> =>
  fc.array(
    fc.record({
      id: fc.constant(0),
      coordinate: fc.constantFrom(...coordinates),
      kind: fc.constant('field' as const),
      module: fc.constant('one'),
      mode: fc.oneof({ weight: 9, arbitrary: fc.constant('ENFORCE' as const) }, fc.constant('SHADOW' as const)),
      requirement,
      anyOf: fc.oneof(fc.constant([]), fc.array(requirement, { minLength: 1, maxLength: 3 })),
      source: fc.constant('@auth'),
    }),
    { maxLength },
  );

export const wideRules = rulesArbitrary(4, manyScopes);

/** Two lists of rules that share some rules, or have rules that differ in one part. */
export const relatedRules: fc.Arbitrary<readonly [readonly Rule[], readonly Rule[]]> = fc
  .tuple(rulesArbitrary(3), rulesArbitrary(1), rulesArbitrary(1), fc.array(fc.nat(6), { minLength: 3, maxLength: 3 }))
  .map(([shared, ofOne, ofOther, changes]) => [
    [...shared, ...ofOne],
    [...shared.map((rule, at) => changed(rule, changes[at] ?? 0)), ...ofOther],
  ]);

/** Changes one part of a rule, or nothing. */
function changed(rule: Rule, change: number): Rule {
  const { requirement, anyOf } = rule;
  const changes: readonly (() => Rule)[] = [
    () => split(rule),
    () => ({ ...rule, anyOf: anyOf.slice(1) }),
    () => ({ ...rule, requirement: { ...requirement, claims: requirement.claims.slice(1) } }),
    () => ({ ...rule, requirement: { ...requirement, policies: requirement.policies.slice(1), owner: null } }),
    () => ({
      ...rule,
      requirement: { ...requirement, maxAge: requirement.maxAge === null ? 30 : requirement.maxAge + 10 },
    }),
    () => ({ ...rule, requirement: { ...requirement, scope: requirement.scope.map((set) => set.slice(1)) } }),
  ];
  return changes[change]?.() ?? rule;
}

/** Writes a rule in another way: each value of a claim, context and set of scopes is an alternative of its own. */
export function split(rule: Rule): Rule {
  const open: Requirement = { scope: [[]], claims: [], owner: null, policies: [], maxAge: null, acr: null };
  const { requirement, anyOf } = rule;
  if (anyOf.length > 0) return rule;
  const [first] = requirement.claims;
  if (first?.operator === 'oneOf') {
    return {
      ...rule,
      requirement: { ...requirement, claims: requirement.claims.slice(1) },
      anyOf: first.values.map((value) => ({ ...open, claims: [{ ...first, values: [value] }] })),
    };
  }
  if (requirement.acr) {
    const { acr } = requirement;
    return {
      ...rule,
      requirement: { ...requirement, acr: null },
      anyOf: acr.map((value) => ({ ...open, acr: [value] })),
    };
  }
  return {
    ...rule,
    requirement: { ...requirement, scope: [[]] },
    anyOf: requirement.scope.map((set) => ({ ...open, scope: [set] })),
  };
}

const claimValue: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  'x',
  'y',
  '1',
  1,
  'true',
  true,
  1000,
  ['x', '1', true],
  ['y', 1000],
  {},
  null,
  1.5,
  -0,
);

export const principalArbitrary: fc.Arbitrary<Principal> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(anonymous) },
  {
    weight: 19,
    arbitrary: fc
      .record({
        scopes: fc.subarray(scopes),
        account: fc.constantFrom('alice', 'alice', 'none', null, ''),
        claims: fc.record(
          {
            dept: claimValue,
            org: fc.oneof(claimValue, fc.record({ role: fc.oneof(claimValue, fc.record({ deep: claimValue })) })),
            acr: fc.constantFrom<unknown>('gold', '1', 'x', 1, true, { x: 'x' }, ['gold']),
            auth_time: fc.constantFrom<unknown>(970, 989, 990, 1000, 1001, 1060, 1061, '1000', true),
          },
          { requiredKeys: [] },
        ),
      })
      .map(({ scopes, account, claims }) =>
        account === 'none' ? application(scopes, claims) : person(scopes.join(' '), claims, account),
      ),
  },
);

function application(scopes: readonly string[], claims: Readonly<Record<string, unknown>>): Principal {
  return makePrincipal({
    kind: 'application',
    issuer: 'https://issuer.example',
    subject: 'job',
    clientId: 'job',
    scopes: new Set(scopes),
    expiresAt: 4_102_444_800,
    claims,
  });
}

/** Milliseconds since the epoch. */
export const nowArbitrary: fc.Arbitrary<number> = fc.constantFrom(1_000_000, 1_000_001, 1_030_000, 5_000_000);

type Outcomes = Pick<Witness, 'owners' | 'policies'>;

/** Returns every combination of outcomes of the owners and policies that rules ask. */
export function outcomesOf(rules: readonly Rule[]): readonly Outcomes[] {
  const questions = new Map<string, (outcomes: Outcomes) => Outcomes>();
  for (const { coordinate: about, requirement, anyOf } of rules) {
    for (const { owner, policies } of [requirement, ...anyOf]) {
      if (owner) {
        questions.set(`${owner.kind} ${owner.name} ${about}`, (outcomes) => ({
          ...outcomes,
          owners: [...outcomes.owners, { ...owner, about }],
        }));
      }
      for (const name of policies) {
        questions.set(`${name} ${about}`, (outcomes) => ({
          ...outcomes,
          policies: [...outcomes.policies, { name, about }],
        }));
      }
    }
  }
  const nothing: Outcomes = { owners: [], policies: [] };
  return subsetsOf([...questions.values()]).map((holding) =>
    holding.reduce((outcomes, holds) => holds(outcomes), nothing),
  );
}

/** Returns all subsets of a list. */
export function subsetsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((__, at) => Math.floor(bits / 2 ** at) % 2 === 1),
  );
}

/** The model: whether rules let in a caller, from `decideRequirement` and the outcomes. It knows no normal form. */
export function rulesLetIn(rules: readonly Rule[], { principal, now, owners, policies }: Witness): boolean {
  return rules
    .filter(({ mode }) => mode === 'ENFORCE')
    .every((rule) => {
      const about = rule.coordinate;
      const holds = (part: Requirement): boolean =>
        principal.kind !== 'anonymous' &&
        decideRequirement(part, principal, now) !== 'deny' &&
        (part.owner === null ||
          owners.some((one) => one.kind === part.owner?.kind && one.name === part.owner.name && one.about === about)) &&
        part.policies.every((name) => policies.some((one) => one.name === name && one.about === about));
      return holds(rule.requirement) && (rule.anyOf.length === 0 || rule.anyOf.some(holds));
    });
}

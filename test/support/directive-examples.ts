import type { Policy } from '../../src/index.ts';
import type { Principal } from '../../src/principal.ts';
import { as } from '../../src/testing.ts';

/** A rule of the documentation, with a caller that it allows and a caller that it denies. */
export interface DirectiveExample {
  /** The rule on the field `order(id: ID!, userId: ID): Order`, or on the type `Order` if the rule needs a type. */
  readonly rule: string;
  readonly on?: 'type';
  readonly meaning: string;
  readonly passes: Principal;
  readonly fails: Principal;
}

/** Returns a person with these scopes and claims. */
function person(scope: string, claims: Record<string, unknown> = {}, accountId = 'grace'): Principal {
  return as({ account: accountId, scopes: scope, claims });
}

/** The time of the examples, in milliseconds since the epoch. */
export const exampleTime = 1_800_000_000_000;
const minutesAgo = (minutes: number) => ({ auth_time: exampleTime / 1000 - minutes * 60 });

/** The policy of the examples. */
export const examplePolicies: Readonly<Record<string, Policy>> = {
  businessHours: (requests) =>
    requests.map(({ principal }) => principal.kind === 'account' && principal.subject === 'grace'),
};

export const directiveExamples: readonly DirectiveExample[] = [
  {
    rule: '@auth',
    meaning: 'Any valid access token.',
    passes: person(''),
    fails: { kind: 'anonymous' },
  },
  {
    rule: '@auth(scope: "orders:read")',
    meaning: 'This scope, compared as an exact string.',
    passes: person('orders:read'),
    fails: person('orders:read-all'),
  },
  {
    rule: '@auth(scope: ["orders:read customers:read", "admin"])',
    meaning: 'The first two scopes, or the third scope.',
    passes: person('customers:read orders:read'),
    fails: person('orders:read'),
  },
  {
    rule: '@auth(claims: [{claim: "tenant", oneOf: ["acme"]}])',
    meaning: 'The claim has one of these values. Strings, booleans and whole numbers are compared as text.',
    passes: person('', { tenant: 'acme' }),
    fails: person('', { tenant: ['acme'] }),
  },
  {
    rule: '@auth(claims: [{claim: ["realm_access", "roles"], contains: "clerk"}, {claim: "email", exists: true}])',
    meaning: 'The first claim is a list that contains this value. The second claim is present.',
    passes: person('', { realm_access: { roles: ['clerk'] }, email: 'grace@example.com' }),
    fails: person('', { realm_access: { roles: ['clerk'] } }),
  },
  {
    rule: '@auth(owner: "$userId")',
    meaning: "The argument `userId` is the ID or global ID of the caller's account.",
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(owner: "userId")',
    on: 'type',
    meaning: "The field `userId` of each value is the ID of the caller's account. The field need not be selected.",
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(policy: "businessHours")',
    meaning: 'A function in `policies` of the configuration file allows access. A late answer or an error denies.',
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(scope: "orders:read", anyOf: [{scope: "admin"}, {owner: "$userId"}])',
    meaning: 'The first scope. In addition, the second scope or the owner.',
    passes: person('orders:read'),
    fails: person('orders:read', {}, 'alan'),
  },
  {
    rule: '@auth(maxAge: 300)',
    meaning:
      'The person authenticated in the last 5 minutes. Otherwise 401 `insufficient_user_authentication` (RFC 9470).',
    passes: person('', minutesAgo(4)),
    fails: person('', minutesAgo(6)),
  },
  {
    rule: '@auth(acr: ["urn:example:gold"])',
    meaning: 'The person authenticated in one of these contexts.',
    passes: person('', { acr: 'urn:example:gold' }),
    fails: person('', { acr: 'urn:example:silver' }),
  },
  {
    rule: '@auth @auth(scope: "orders:read", mode: SHADOW)',
    meaning: 'The second rule is on trial: it only logs and counts denials.',
    passes: person(''),
    fails: { kind: 'anonymous' },
  },
];

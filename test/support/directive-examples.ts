import type { Policy } from '../../src/index.ts';
import { makePrincipal, type Principal } from '../../src/principal.ts';

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
  return makePrincipal({
    kind: 'account',
    issuer: 'https://issuer.example',
    subject: accountId,
    clientId: 'web',
    accountId,
    scopes: new Set(scope.split(' ').filter((token) => token !== '')),
    expiresAt: 4_102_444_800,
    claims,
  });
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
    meaning: 'This scope, compared exactly.',
    passes: person('orders:read'),
    fails: person('orders:read-all'),
  },
  {
    rule: '@auth(scope: ["orders:read customers:read", "admin"])',
    meaning: 'Both of the first two, or the third.',
    passes: person('customers:read orders:read'),
    fails: person('orders:read'),
  },
  {
    rule: '@auth(claims: [{claim: "tenant", oneOf: ["acme"]}])',
    meaning:
      'A claim of the token that is one of these values. Strings, booleans and whole numbers are compared by their text.',
    passes: person('', { tenant: 'acme' }),
    fails: person('', { tenant: ['acme'] }),
  },
  {
    rule: '@auth(claims: [{claim: ["realm_access", "roles"], contains: "clerk"}, {claim: "email", exists: true}])',
    meaning: 'A nested claim that is a list and contains this value; and a claim that exists.',
    passes: person('', { realm_access: { roles: ['clerk'] }, email: 'grace@example.com' }),
    fails: person('', { realm_access: { roles: ['clerk'] } }),
  },
  {
    rule: '@auth(owner: "$userId")',
    meaning:
      "The argument `userId` must be the caller's account, or its global ID. Only accounts of the primary issuer own anything.",
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(owner: "userId")',
    on: 'type',
    meaning:
      "The field `userId` of the same type must be the caller's account, for each value, also where it is not selected.",
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(policy: "businessHours")',
    meaning:
      'A function of yours, from `policies` in the configuration file, must allow it. A late answer or an error denies.',
    passes: person(''),
    fails: person('', {}, 'alan'),
  },
  {
    rule: '@auth(scope: "orders:read", anyOf: [{scope: "admin"}, {owner: "$userId"}])',
    meaning: 'The scope; and in addition another scope, or being the owner.',
    passes: person('orders:read'),
    fails: person('orders:read', {}, 'alan'),
  },
  {
    rule: '@auth(maxAge: 300)',
    meaning:
      'The person authenticated at most 5 minutes ago; otherwise 401 `insufficient_user_authentication` (RFC 9470).',
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
    meaning: 'The second rule is on trial: what it would deny is allowed, logged and counted.',
    passes: person(''),
    fails: { kind: 'anonymous' },
  },
];

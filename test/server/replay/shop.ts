import { createGuardedSchema } from '../../../src/auth/schema.ts';
import type { GuardedSchema } from '../../../src/auth/guarded-schema.ts';
import type { Caller } from '../../support/callers.ts';

/** The rules of the shop, by the name of their place. */
interface Rules {
  readonly orders: string;
  readonly order: string;
  readonly total: string;
  readonly note: string;
  readonly tenant: string;
  readonly roles: string;
  readonly recent: string;
  readonly strong: string;
  readonly either: string;
  readonly owned: string;
  readonly checked: string;
  readonly card: string;
  readonly filter: string;
  readonly enumeration: string;
  readonly argument: string;
  readonly send: string;
  readonly watched: string;
}

export const present: Rules = {
  orders: '@auth(scope: "orders:read")',
  order: '',
  total: '@auth(scope: "totals")',
  note: '',
  tenant: '@auth(claims: [{ claim: "tenant", oneOf: ["acme"] }])',
  roles: '@auth(claims: [{ claim: ["realm", "roles"], contains: "clerk" }])',
  recent: '@auth(maxAge: 86400)',
  strong: '@auth',
  either: '@auth(anyOf: [{ scope: ["a"] }, { claims: [{ claim: "tenant", exists: true }] }])',
  owned: '@auth',
  checked: '@auth(policy: ["odd"])',
  card: '@auth(scope: "cards")',
  filter: '@auth(scope: "filters")',
  enumeration: '',
  argument: '',
  send: '@auth(scope: "send")',
  watched: '@auth(scope: "watch")',
};

export const proposed: Rules = {
  orders: '@public',
  order: '@auth(scope: ["orders:read", "orders"])',
  total: '@auth(scope: "totals orders")',
  note: '@auth(scope: "notes")',
  tenant: '@auth(claims: [{ claim: "tenant", oneOf: ["globex", "initech"] }])',
  roles: '@auth(claims: [{ claim: ["realm", "roles"], contains: "manager" }])',
  recent: '@auth(maxAge: 300)',
  strong: '@auth(acr: ["urn:mfa"])',
  either: '@auth(anyOf: [{ scope: ["b"] }, { claims: [{ claim: ["realm", "roles"], exists: true }] }])',
  owned: '@auth(owner: "$account")',
  checked: '@auth(scope: "checks")',
  card: '@auth',
  filter: '',
  enumeration: '@auth(scope: "all")',
  argument: '@auth(scope: "arguments")',
  send: '@auth(scope: ["send", "admin"])',
  watched: '@auth(scope: "watch more")',
};

export function sdlOf(rules: Rules): string {
  return `
    scalar Stamp
    enum State { OPEN ALL ${rules.enumeration} }
    input Filter { text: String, secret: String ${rules.filter}, state: State, since: Stamp, inner: Filter, inners: [Filter!] }
    interface Payment { id: ID! }
    type Card implements Payment ${rules.card} { id: ID! digits: String! }
    type Cash implements Payment { id: ID! }
    type Order ${rules.order} { id: ID! total: Int ${rules.total} note: String ${rules.note} payment: Payment! }
    type Query {
      orders(filter: Filter, hidden: Boolean ${rules.argument}): [Order!] ${rules.orders}
      tenant: String ${rules.tenant}
      roles: String ${rules.roles}
      recent: String ${rules.recent}
      strong: String ${rules.strong}
      either: String ${rules.either}
      owned(account: ID!): String ${rules.owned}
      checked: String ${rules.checked}
      cards: [Card!] @public
      payments: [Payment!] @public
      open: String @public
    }
    type Mutation { send: String ${rules.send} note: String @public }
    type Subscription { watched: Int ${rules.watched} }
  `;
}

const order = {
  id: '1',
  total: 5,
  note: 'hello',
  payment: { __typename: 'Cash', id: 'p' },
};

export function guardedOf(rules: Rules): GuardedSchema {
  const texts = ['tenant', 'roles', 'recent', 'strong', 'either', 'owned', 'checked', 'open'];
  return createGuardedSchema({
    policies: { odd: (requests: readonly unknown[]) => requests.map(() => true) },
    modules: [
      {
        name: 'shop',
        typeDefs: sdlOf(rules),
        resolvers: {
          Query: {
            ...Object.fromEntries(texts.map((name) => [name, () => name])),
            orders: () => [order],
            cards: () => [{ __typename: 'Card', id: 'c', digits: '1234' }],
            payments: () => [{ __typename: 'Cash', id: 'p' }],
          },
          Mutation: { send: () => 'sent', note: () => 'noted' },
          Subscription: {
            watched: {
              async *subscribe() {
                yield { watched: 1 };
              },
            },
          },
        },
      },
    ],
  });
}

/** The callers, by their client IDs. */
export const callers: Readonly<Record<string, Caller>> = {
  none: null,
  plain: { scopes: [] },
  reader: { scopes: ['orders:read', 'totals', 'watch'] },
  orders: { scopes: ['orders', 'totals', 'notes', 'all', 'arguments', 'filters'] },
  office: { scopes: ['a', 'checks'], claims: { tenant: 'acme', realm: { roles: ['clerk', 'manager'] } } },
  store: { scopes: ['b', 'cards', 'send'], claims: { tenant: 'globex', realm: { roles: ['clerk'] } } },
  strong: { scopes: ['admin', 'watch', 'more'], claims: { acr: 'urn:mfa', tenant: true } },
  machine: { kind: 'application', scopes: ['orders:read', 'a', 'b'] },
};

/** How long ago the persons of the callers have authenticated, in seconds. */
export const ages: Readonly<Record<string, number>> = { plain: 30, reader: 4_000, orders: 3 * 86_400, office: 200 };

/** The operations, by their names. */
export const operations: Readonly<Record<string, { readonly query: string; readonly variables?: object }>> = {
  Open: { query: 'query Open { open }' },
  Orders: { query: 'query Orders { orders { id } }' },
  Totals: { query: 'query Totals { orders { id total } }' },
  Notes: { query: 'query Notes { orders { id note } }' },
  Mixed: { query: 'query Mixed { open orders { a: total note } b: orders { c: id } }' },
  Tenant: { query: 'query Tenant { tenant }' },
  TenantAndOpen: { query: 'query TenantAndOpen { open other: tenant }' },
  Roles: { query: 'query Roles { roles }' },
  Recent: { query: 'query Recent { recent }' },
  Strong: { query: 'query Strong { strong }' },
  Either: { query: 'query Either { either }' },
  Owned: { query: 'query Owned { owned(account: "alice") }' },
  Checked: { query: 'query Checked { checked }' },
  Cards: { query: 'query Cards { cards { id digits } }' },
  Payments: { query: 'query Payments { payments { id ... on Card { digits } } }' },
  PaymentOfOrder: { query: 'query PaymentOfOrder { orders { payment { __typename id } } }' },
  Literal: { query: 'query Literal { orders(filter: { text: "personal text", inner: { secret: "x" } }) { id } }' },
  Variable: {
    query: 'query Variable($filter: Filter) { orders(filter: $filter) { id } }',
    variables: { filter: { text: 'personal text' } },
  },
  EnumLiteral: { query: 'query EnumLiteral { orders(filter: { state: ALL }) { id } }' },
  EnumOpen: { query: 'query EnumOpen { orders(filter: { state: OPEN }) { id } }' },
  Argument: { query: 'query Argument { orders(hidden: true) { id } }' },
  ArgumentNull: { query: 'query ArgumentNull { orders(hidden: null) { id } }' },
  Scalar: { query: 'query Scalar { orders(filter: { since: "2026-01-01" }) { id } }' },
  ScalarObject: { query: 'query ScalarObject($x: Int) { orders(filter: { since: { personal: [$x] } }) { id } }' },
  Skipped: { query: 'query Skipped { open orders @skip(if: true) { note } }' },
  Included: { query: 'query Included { orders { id note @include(if: true) } }' },
  Fragment: {
    query:
      'query Fragment { orders { ...Part } } fragment Part on Order { id total ...Rest } fragment Rest on Order { note }',
  },
  Several: { query: 'query Other { open } query Several { orders { note } }' },
  Send: { query: 'mutation Send { send }' },
  SendAndNote: { query: 'mutation SendAndNote { note send }' },
  NoteOnly: { query: 'mutation NoteOnly { note }' },
  Typename: { query: 'query Typename { __typename tenant }' },
};

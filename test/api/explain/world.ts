import type { Module } from '../../../src/api/module.ts';
import { defaultLimits, type Limits } from '../../../src/api/limits/limits.ts';
import type { OperationPolicy } from '../../../src/api/operation/operation.ts';
import { hidesSchema } from '../../../src/api/operation/rules/introspection.ts';
import { type ApiSchemaOptions, createApiSchema } from '../../../src/api/schema.ts';
import type { OperationExplanation } from '../../../src/auth/explain/explanation.ts';
import { catalogue } from '../fixture.ts';

export const typeDefs = `
  interface Item @auth { id: ID! }
  type Book implements Item @auth(scope: "profile") { id: ID!  pages: Int @auth(owner: "id") }
  type Disc implements Item { id: ID!  price: Int @auth(scope: "audit", mode: SHADOW) }
  enum Size { SMALL  LARGE @auth(scope: "accounts") }
  input Filter { size: Size  secret: String @auth(policy: "always") }
  type Query {
    items(filter: Filter): [Item!]! @auth
    item(code: String @sensitive): Item @auth(scope: "profile", maxAge: 60)
    open: Int @public
    again: Query @public
  }
  type Mutation { change: Int @auth(claims: [{ claim: ["role"], oneOf: ["editor"] }]) }
  type Subscription { ticks: Int @auth(acr: ["gold"]) }
`;

export interface Calls {
  readonly resolvers: string[];
  readonly policies: string[];
  readonly denials: string[];
}

/** Makes the API of a shop with a foreign issuer, and records what it calls. */
export function openShop({
  introspection = 'open',
  limits = {},
  ...options
}: Partial<ApiSchemaOptions> & {
  readonly introspection?: OperationPolicy['introspection'];
  readonly limits?: Partial<Limits>;
} = {}) {
  const calls: Calls = { resolvers: [], policies: [], denials: [] };
  const call =
    <T>(name: string, value: T) =>
    () => {
      calls.resolvers.push(name);
      return value;
    };
  const shop: Module = {
    name: 'shop',
    typeDefs,
    resolvers: {
      Query: {
        items: call('items', [{ __typename: 'Book', id: 'alice' }]),
        item: call('item', null),
        open: call('open', 1),
        again: () => ({}),
      },
      Mutation: { change: call('change', 1) },
      Subscription: { ticks: { subscribe: async function* () {} } },
    },
  };
  const policy: OperationPolicy = { introspection, limits: { ...defaultLimits, ...limits } };
  const guarded = createApiSchema({
    catalogue,
    modules: [shop],
    operations: policy,
    policies: {
      always: (requests) => {
        calls.policies.push('always');
        return requests.map(() => true);
      },
    },
    hidesSchema: (principal) => hidesSchema(introspection, principal),
    onDenial: ({ coordinate }) => void calls.denials.push(coordinate),
    ...options,
  });
  return { guarded, policy, calls };
}

/** Everything that an explanation has. */
export const everything = `
  operationName outcome code faults { message code line column } elementsCapped leastScopes leastScopesCapped
  elements {
    coordinate path line column decision
    rules { coordinate source words decision shadow missing { token scopes claims account maxAge acr } }
  }
  missing { token scopes claims account maxAge acr }`;

export function explainQuery(field = 'explainOperation'): string {
  return `query ($document: String!, $operationName: String, $variables: String) {
    ${field}(document: $document, operationName: $operationName, variables: $variables) { ${everything} }
  }`;
}

/** Writes each element in one line. */
export function linesOf({ elements }: OperationExplanation): readonly string[] {
  return elements.map(
    ({ coordinate, path, line, column, decision, rules }) =>
      `${path.join('.')} ${coordinate} ${line}:${column} ${decision} (${rules.map((rule) => `${rule.coordinate} ${rule.decision}${rule.shadow ? ' shadow' : ''}`).join(', ')})`,
  );
}

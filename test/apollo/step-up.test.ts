import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApolloServer } from '@apollo/server';
import { planPlugin } from '../../src/apollo/plan.ts';
import { guardOne, person } from '../support/rules.ts';

const typeDefs = `
  type Query { fresh: Int @auth(maxAge: 300) gold: Int @auth(acr: ["gold", "platinum"]) both: Int @auth(maxAge: 60, scope: "s") }
  type Mutation { pay: Int @auth(scope: "pay", maxAge: 300, acr: "gold") }
`;
const guarded = guardOne(typeDefs, { clock: () => 1_000_000_000 });
const plugin = planPlugin(guarded, { realm: 'shop', resourceMetadata: 'https://api.example/metadata' });
const server = new ApolloServer({ schema: guarded.schema, plugins: [plugin] });

const cases: readonly [query: string, scopes: string, status: number, parameters: string][] = [
  ['{ fresh }', '', 401, 'error="insufficient_user_authentication", max_age="300"'],
  ['{ gold }', '', 401, 'error="insufficient_user_authentication", acr_values="gold platinum"'],
  ['{ both }', 's', 401, 'error="insufficient_user_authentication", scope="s", max_age="60"'],
  ['{ both }', '', 403, 'error="insufficient_scope", scope="s"'],
  ['{ fresh both }', '', 403, 'error="insufficient_scope", scope="s"'],
  [
    'mutation { pay }',
    'pay',
    401,
    'error="insufficient_user_authentication", scope="pay", acr_values="gold", max_age="300"',
  ],
];
for (const [query, scopes, status, parameters] of cases) {
  it(`A-10 ${query} with "${scopes}" is answered ${status} with the requirement`, async () => {
    const { http } = await server.executeOperation({ query }, { contextValue: { principal: person(scopes) } });
    assert.equal(http.status, status);
    const told = http.headers.get('www-authenticate')?.replace(/, error_description="[^"]*"/, '');
    assert.equal(told, `Bearer realm="shop", resource_metadata="https://api.example/metadata", ${parameters}`);
  });
}

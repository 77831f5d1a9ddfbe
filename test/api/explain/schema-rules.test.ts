import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Module } from '../../../src/api/module.ts';
import { codesOf, nobody, openApi, person, policy } from '../fixture.ts';

const shop: Module = {
  name: 'shop',
  typeDefs: `
    extend type Query {
      shop(note: String @auth(scope: "applications")): Shop @auth(scope: ["profile grants", "accounts"])
      hidden: Int @auth(claims: [{ claim: ["a", "b"], oneOf: ["x"] }, { claim: ["c"], contains: "y" }, { claim: ["d"], exists: true }])
      recent: Int @auth(anyOf: [{ maxAge: 60 }, { acr: ["urn:a"] }])
    }
    type Shop @auth(scope: "grants") { id: ID, silent: Int @auth(scope: "keys", mode: SHADOW), kind: Kind, owner: ID @auth(owner: "id") }
    enum Kind { OPEN CLOSED }
    input Filter { secret: Int @auth(scope: "keys") }
    extend type Query { filtered(by: Filter): Int @public }
  `,
};

const query = `query ($types: [String!], $first: Int! = 100, $after: String) {
  schemaRules(types: $types, first: $first, after: $after) {
    nodes {
      coordinate kind source words decision shadow
      requirement { ...R } anyOf { ...R }
    }
    endCursor
  }
}
fragment R on RuleRequirement { scope owner policies maxAge acr claims { claim oneOf contains exists } }`;
const few = `query ($types: [String!], $first: Int, $after: String) {
  schemaRules(types: $types, first: $first, after: $after) { nodes { coordinate decision } endCursor }
}`;

type Row = Record<'coordinate' | 'decision', string>;

describe('schemaRules', () => {
  it('serves each rule with its parts, its words and the decision for the caller', async (t) => {
    const { ask } = await openApi(t, { operations: policy, modules: [shop] });
    const { data, errors } = await ask(person('1', 'profile', 'grants'), query, {
      types: ['Query', 'Shop'],
      first: 500,
    });
    assert.deepEqual(errors, []);
    const found = new Map<string, any>(data.schemaRules.nodes.map((rule: Row) => [rule.coordinate, rule]));
    const nothing = { scope: [[]], owner: null, policies: [], maxAge: null, acr: null, claims: [] };
    assert.deepEqual(found.get('Query.shop'), {
      coordinate: 'Query.shop',
      kind: 'FIELD',
      source: '@auth(scope: ["profile grants", "accounts"])',
      words: 'the scope `profile grants` or `accounts`',
      decision: 'ALLOW',
      shadow: false,
      requirement: { ...nothing, scope: [['profile', 'grants'], ['accounts']] },
      anyOf: [],
    });
    assert.equal(found.get('Query.shop(note:)').kind, 'ARGUMENT');
    assert.equal(found.get('Query.shop(note:)').decision, 'DENY');
    assert.equal(found.get('Shop').kind, 'OBJECT');
    assert.deepEqual([found.get('Shop.owner').decision, found.get('Shop.owner').requirement.owner], ['DEPENDS', 'id']);
    assert.deepEqual(found.get('Query.hidden').requirement.claims, [
      { claim: ['a', 'b'], oneOf: ['x'], contains: null, exists: null },
      { claim: ['c'], oneOf: null, contains: 'y', exists: null },
      { claim: ['d'], oneOf: null, contains: null, exists: true },
    ]);
    assert.deepEqual(found.get('Query.recent').anyOf, [
      { ...nothing, maxAge: 60 },
      { ...nothing, acr: ['urn:a'] },
    ]);
    assert.deepEqual([found.get('Shop.silent').shadow, found.get('Shop.silent').decision], [true, 'DENY']);
  });

  it('serves all rules page by page, each once and in a fixed order', async (t) => {
    const { ask, schema } = await openApi(t, { operations: policy, modules: [shop] });
    const whole = await ask(nobody, few, { first: 500 });
    assert.equal(whole.data.schemaRules.endCursor, null);
    const all: string[] = whole.data.schemaRules.nodes.map((rule: Row) => rule.coordinate);
    assert.ok(all.length > 20 && schema.getQueryType());
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { data } = (await ask(nobody, few, { first: 7, after })) as { data: any };
      paged.push(...data.schemaRules.nodes.map((rule: Row) => rule.coordinate));
      after = data.schemaRules.endCursor;
    } while (after !== null);
    assert.deepEqual(paged, all);
  });

  it('ignores unknown types, and denies everything to an anonymous caller', async (t) => {
    const { ask } = await openApi(t, { operations: policy, modules: [shop] });
    const { data } = await ask(nobody, few, { types: ['Nothing', '__proto__', 'Shop', 'Filter', 'Shop'], first: 10 });
    assert.deepEqual(data.schemaRules.nodes, [
      { coordinate: 'Shop', decision: 'DENY' },
      { coordinate: 'Shop.silent', decision: 'DENY' },
      { coordinate: 'Shop.owner', decision: 'DENY' },
      { coordinate: 'Filter.secret', decision: 'DENY' },
    ]);
  });

  it('refuses a page, a list of names and a cursor that are out of bounds', async (t) => {
    const { ask } = await openApi(t, { operations: policy, modules: [shop] });
    const types = Array.from({ length: 101 }, (_, index) => `T${index}`);
    for (const variables of [{ first: 0 }, { first: 501 }, { first: 1, types }, { first: 1, after: 'x' }]) {
      const answer = await ask(nobody, few, variables);
      assert.deepEqual(codesOf(answer), ['BAD_USER_INPUT'], JSON.stringify(variables).slice(0, 60));
    }
  });

  it('is as open as introspection', async (t) => {
    const closed = await openApi(t, { operations: { ...policy, introspection: 'authenticated' }, modules: [shop] });
    assert.deepEqual(codesOf(await closed.ask(nobody, few, { first: 1 })), ['UNAUTHENTICATED']);
    assert.deepEqual((await closed.ask(person('1'), few, { first: 1 })).errors, []);
    const off = await openApi(t, { operations: { ...policy, introspection: 'off' }, modules: [shop] });
    assert.equal(off.schema.getQueryType()?.getFields()['schemaRules'], undefined);
  });
});

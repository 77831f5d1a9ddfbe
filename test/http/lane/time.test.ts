import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { type LanePair, startLanePair } from '../../support/lane/pair.ts';
import { tokenFor } from '../../support/lane/tokens.ts';

const typeDefs = `
  type Query {
    open: String @public
    recent: String @auth(maxAge: 60)
    either: String @auth(anyOf: [{ maxAge: 60 }, { scope: "always" }])
    decided: Item @public
    many(first: Int): [Item!] @public
  }
  type Item { id: ID  recent: String @auth(maxAge: 60)  switched: String @auth(policy: ["switched"]) }
`;

describe('what changes between two requests of a known document', () => {
  /** The time of the rules, in milliseconds since the epoch. */
  let now = Date.now();
  let isAllowed = true;
  let pair: LanePair;
  before(async () => {
    const item = { id: '1', recent: 'recent', switched: 'switched' };
    pair = await startLanePair({
      make: () => ({
        guarded: createGuardedSchema({
          modules: [
            {
              name: 'time',
              typeDefs,
              resolvers: {
                Query: {
                  open: () => 'open',
                  recent: () => 'recent',
                  either: () => 'either',
                  decided: () => item,
                  many: (_source: unknown, { first = 1 }: { first?: number }) =>
                    Array.from({ length: first }, () => item),
                },
              },
            },
          ],
          clock: () => now,
          policies: { switched: (requests) => requests.map(() => isAllowed) },
        }),
      }),
    });
  });
  after(() => pair.close());

  const ask = async (query: string, token: string | null, variables = {}) => {
    const credential = token === null ? [] : ['authorization', `Bearer ${token}`];
    const body = JSON.stringify({ query, variables });
    return pair.compare({ headers: ['content-type', 'application/json', ...credential], body });
  };

  for (const query of ['{ recent }', '{ open recent }', '{ decided { id recent } }', '{ open either }']) {
    it(`B-23 the deadline of a rule: ${query}`, async () => {
      const token = tokenFor({ claims: { auth_time: Math.floor(now / 1_000) - 30 } }, { jti: `of ${query}` });
      const before = await ask(query, token);
      assert.ok(!before.body.includes('errors'), before.body);
      now += 60_000;
      const late = await ask(query, token);
      assert.match(late.body, /STEP_UP_REQUIRED|FORBIDDEN/);
      now -= 60_000;
      assert.equal((await ask(query, token)).body, before.body);
    });
  }

  it('the answer of a policy', async () => {
    const query = '{ decided { id switched } }';
    assert.doesNotMatch((await ask(query, tokenFor({}))).body, /errors/);
    isAllowed = false;
    assert.match((await ask(query, tokenFor({}))).body, /FORBIDDEN/);
    isAllowed = true;
    assert.doesNotMatch((await ask(query, tokenFor({}))).body, /errors/);
  });

  it('the caller: none, another one, and one with other scopes', async () => {
    const query = '{ open either }';
    const allowed = tokenFor({ scopes: ['always'] });
    for (const token of [
      allowed,
      null,
      tokenFor({ scopes: ['other'] }),
      allowed,
      tokenFor({ accountId: null }),
      null,
    ]) {
      const { body } = await ask(query, token);
      assert.equal(!body.includes('errors'), token === allowed, body);
    }
  });

  it('D-3 the cost with the variables', async () => {
    const query = 'query ($n: Int) { many(first: $n) { id } }';
    assert.equal((await ask(query, null, { n: 2 })).status, 200);
    assert.match((await ask(query, null, { n: 1_000_000 })).body, /LIMIT_EXCEEDED/);
    assert.equal((await ask(query, null, { n: 2 })).status, 200);
    assert.match((await ask(query, null, { n: 'x' })).body, /BAD_USER_INPUT/);
    assert.equal((await ask(query, null, {})).status, 200);
  });

  it('the expiry of a token', async () => {
    // The verifier accepts a token for 5 s after its expiry, because clocks differ.
    const expiring = (leftMs: number) => {
      const exp = Math.floor((Date.now() + leftMs) / 1_000) - 5;
      return { token: tokenFor({ scopes: ['always'] }, { exp, jti: `short ${exp}` }), endMs: (exp + 5) * 1_000 };
    };
    // A slow machine needs a token that lives longer.
    for (let leftMs = 2_500; ; leftMs *= 2) {
      const { token, endMs } = expiring(leftMs);
      const { status } = await ask('{ open either }', token);
      if (Date.now() >= endMs) continue;
      assert.equal(status, 200);
      while (Date.now() <= endMs) await new Promise((resolve) => setTimeout(resolve, endMs - Date.now() + 100));
      assert.equal((await ask('{ open either }', token)).status, 401);
      return;
    }
  });

  it('introspection, and a mutation of the same text as a query', async () => {
    await ask('{ __schema { queryType { name } } }', null);
    await ask('{ __typename }', null);
    await ask('query A { open } query B { recent }', null);
    for (const operationName of ['A', 'B', 'C', '', null, undefined, '__proto__', 'constructor']) {
      await pair.compare({ body: JSON.stringify({ query: 'query A { open } query B { recent }', operationName }) });
    }
  });
});

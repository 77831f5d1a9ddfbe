import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { query, signInFor } from '../support/client.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { assertRefusesToStart } from './refuses-to-start.ts';

const near = ['user:read-public', 'USER:READ', 'user', 'user:rea', 'x-user:read', 'user:read:all', 'read'];

/** A module whose mutations count how often they ran. */
const config = `
let runs = 0;
const run = () => { runs += 1; return true; };
export default {
  scopes: Object.fromEntries(${JSON.stringify(['user:read', 'things:write', ...near])}
    .map((name) => [name, { description: 'Use ' + name }])),
  modules: [{
    name: 'counter',
    typeDefs: \`
      extend type Query {
        runs: Int! @public
        user: String @auth(scope: "user:read")
        thing: Thing @public
      }
      extend type Mutation {
        open: Boolean @public
        closed: Boolean @auth(scope: "things:write")
        make: Thing @public
      }
      type Thing { name: String secret: String @auth(scope: "things:write") }
    \`,
    resolvers: {
      Query: { runs: () => runs, user: () => 'Ada', thing: () => ({ name: 'Lamp', secret: 'hidden' }) },
      Mutation: { open: run, closed: run, make: () => ({ name: 'Lamp', secret: 'hidden', made: run() }) },
    },
  }],
};
`;

let server: TestServer;
let url: string;
/** A token without the scope for writing. */
let reader: string;
let writer: string;

before(async () => {
  server = await startTestServer({ config });
  ({ url } = server);
  reader = (await signInFor(url, { scope: 'user:read' })).accessToken;
  writer = (await signInFor(url, { scope: 'things:write' })).accessToken;
});
after(() => server.dispose());

async function runs(): Promise<number> {
  return (await query(url, '{ runs }')).body.data.runs;
}

describe('B-7 user:read is matched only by itself:', () => {
  it('user:read', async () => {
    assert.deepEqual((await query(url, '{ user }', { token: reader })).body, { data: { user: 'Ada' } });
  });

  it('not by all similar scopes together', async () => {
    const { accessToken: token, scope } = await signInFor(url, { scope: near.join(' ') });
    assert.deepEqual(scope.toSorted(), near.toSorted());
    const { status, body } = await query(url, '{ user }', { token });
    assert.equal(status, 403);
    assert.deepEqual(body.errors?.[0]?.extensions.requiredScopes, ['user:read']);
  });

  for (const name of near) {
    it(`not by ${name}`, async () => {
      const { accessToken: token } = await signInFor(url, { scope: name });
      assert.equal((await query(url, '{ user }', { token })).status, 403);
    });
  }
});

describe('B-13 a mutation with a denied field anywhere has no side effect at all:', () => {
  /** Returns the name of the first operation if the document has several operations. */
  function operationOf(document: string): { operationName?: string } {
    const [, operationName] = /^mutation (\w+) /.exec(document) ?? [];
    return operationName === undefined ? {} : { operationName };
  }
  const denied: Readonly<Record<string, string>> = {
    'the denied field alone': 'mutation { closed }',
    'the denied field last': 'mutation { open closed }',
    'the denied field first': 'mutation { closed open }',
    'under an alias': 'mutation { open: closed also: open }',
    'among aliases': 'mutation { a: open b: open c: closed }',
    'in an inline fragment': 'mutation { open ... on Mutation { closed } }',
    'in an inline fragment without a type': 'mutation { open ... { ... { closed } } }',
    'in a named fragment behind the operation':
      'mutation { open ...F } fragment F on Mutation { ...G } fragment G on Mutation { closed }',
    'in a named fragment before the operation': 'fragment F on Mutation { closed } mutation { open ...F }',
    'included by a literal': 'mutation { open closed @include(if: true) }',
    'not skipped by a literal': 'mutation { open closed @skip(if: false) }',
    'included by the default of a variable': 'mutation ($on: Boolean = true) { open closed @include(if: $on) }',
    'in a fragment that is included':
      'mutation ($on: Boolean = true) { open ...F @include(if: $on) } fragment F on Mutation { closed }',
    'skipped once and selected once': 'mutation { open closed @skip(if: true) closed }',
    'below a payload': 'mutation { open make { name secret } }',
    'below a payload, in a fragment under an alias':
      'mutation { open m: make { ...F } } fragment F on Thing { s: secret }',
    'in the operation that is named': 'mutation B { open closed } mutation A { open }',
  };
  for (const [name, document] of Object.entries(denied)) {
    it(name, async () => {
      const before = await runs();
      const options = operationOf(document);
      const known = await query(url, document, { ...options, token: reader });
      const anonymous = await query(url, document, options);
      assert.deepEqual(
        [known.status, known.body.data, anonymous.status, anonymous.body.data],
        [403, undefined, 401, undefined],
      );
      assert.equal(await runs(), before);
    });
  }

  it('included by a variable', async () => {
    const document = 'mutation ($on: Boolean! = false) { open closed @include(if: $on) }';
    const before = await runs();
    assert.equal((await query(url, document, { token: reader, variables: { on: true } })).status, 403);
    assert.equal(await runs(), before);
  });

  const allowed: Readonly<Record<string, string>> = {
    'the denied field is skipped': 'mutation { open closed @skip(if: true) }',
    'the denied field is not included': 'mutation ($on: Boolean = false) { open closed @include(if: $on) }',
    'another operation of the document has it': 'mutation A { open } mutation B { open closed }',
  };
  for (const [name, document] of Object.entries(allowed)) {
    it(`and it runs if ${name}`, async () => {
      const before = await runs();
      const { body } = await query(url, document, { ...operationOf(document), token: reader });
      assert.deepEqual(body, { data: { open: true } });
      assert.equal(await runs(), before + 1);
    });
  }

  it('and it runs for an allowed caller', async () => {
    const before = await runs();
    const { body } = await query(url, 'mutation { open closed make { secret } }', { token: writer });
    assert.deepEqual(body, { data: { open: true, closed: true, make: { secret: 'hidden' } } });
    assert.equal(await runs(), before + 3);
  });
});

describe('B-14 a query that is denied in part', () => {
  it('is answered 200, with data around the denied field and one error for it', async () => {
    const { status, headers, body } = await query(url, '{ thing { name secret } user }', { token: reader });
    assert.equal(status, 200);
    assert.equal(headers.get('www-authenticate'), null);
    assert.deepEqual(body.data, { thing: { name: 'Lamp', secret: null }, user: 'Ada' });
    const [error, ...others] = body.errors ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(error?.path, ['thing', 'secret']);
    assert.equal(error?.extensions.code, 'FORBIDDEN');
    assert.equal(error?.extensions.coordinate, 'Thing.secret');
    assert.deepEqual(error?.extensions.requiredScopes, ['things:write']);
  });

  it('is answered so to an anonymous caller too', async () => {
    const { status, body } = await query(url, '{ thing { name secret } user }');
    assert.equal(status, 200);
    assert.deepEqual(body.data, { thing: { name: 'Lamp', secret: null }, user: null });
    assert.deepEqual(new Set(body.errors?.map(({ extensions }) => extensions.code)), new Set(['UNAUTHENTICATED']));
  });

  it('is refused completely if every root field except __typename is denied', async () => {
    assert.equal((await query(url, '{ __typename user }', { token: writer })).status, 403);
    assert.equal((await query(url, '{ user }')).status, 401);
  });
});

describe('B-20 modules cannot weaken each other:', () => {
  const orders = `
    type Order @auth(scope: "a") { id: ID! note: String @auth(scope: "a") }
    extend type Query { order: Order @public latest: Order @auth(scope: "a") }`;
  const modules = (typeDefs: string, resolvers = '{}') => `export default {
    scopes: { a: { description: 'A' }, b: { description: 'B' } },
    modules: [
      { name: 'orders', typeDefs: ${JSON.stringify(orders)}, resolvers: { Query: { order: () => ({ id: 1 }) } } },
      { name: 'reports', typeDefs: ${JSON.stringify(typeDefs)}, resolvers: ${resolvers} },
    ],
  }`;

  for (const rule of ['scope: "b"', 'scope: ["b"]']) {
    it(`@auth(${rule}) on a type that another module guards: both must hold`, async () => {
      const both = await startTestServer({ config: modules(`extend type Order @auth(${rule})`) });
      try {
        const answers = ['a', 'b', 'a b'].map(async (scope) => {
          const { accessToken: token } = await signInFor(both.url, { scope });
          const { body } = await query(both.url, '{ order { id } }', { token });
          return body.data?.order ?? body.errors?.[0]?.extensions.requiredScopes;
        });
        assert.deepEqual(await Promise.all(answers), [['a b'], ['a b'], { id: '1' }]);
      } finally {
        await both.dispose();
      }
    });
  }

  const clashes: Readonly<Record<string, readonly [typeDefs: string, resolvers: string]>> = {
    'a field of another module, without its rule': ['extend type Query { latest: Order @public }', '{}'],
    'a type of another module, without its rule': ['type Order { id: ID! note: String }', '{}'],
    'a field of a type of another module': ['extend type Order { note: String }', '{}'],
    'a resolver of another module': ['extend type Query { other: Int @public }', '{ Query: { order: () => null } }'],
  };
  for (const [name, [typeDefs, resolvers]] of Object.entries(clashes)) {
    it(`${name} is a start error that names both`, async () => {
      await assertRefusesToStart({ config: modules(typeDefs, resolvers) }, /orders/, /reports/);
    });
  }
});

describe('B-22 the server does not start', () => {
  const module = (typeDefs: string) =>
    `export default { modules: [{ name: 'open', typeDefs: ${JSON.stringify(typeDefs)} }] }`;

  it('with a root field that has neither @auth nor @public: its coordinate is in the message', async () => {
    await assertRefusesToStart({ config: module('extend type Query { forgotten: Int }') }, /Query\.forgotten/);
    await assertRefusesToStart({ config: module('extend type Mutation { forgotten: Int }') }, /Mutation\.forgotten/);
  });

  it('with a rule for a scope that does not exist', async () => {
    const config = module('extend type Query { lost: Int @auth(scope: "no:such") }');
    await assertRefusesToStart({ config }, /Query\.lost/, /no:such/);
  });

  it('B-24 with an empty rule', async () => {
    const config = module('extend type Query { a: Int @auth(scope: []) b: Int @auth(scope: "") }');
    await assertRefusesToStart({ config }, /Query\.a/, /Query\.b/);
  });
});

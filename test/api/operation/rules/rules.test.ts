import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { defineModule } from '../../../../src/api/module.ts';
import { codesOf, nobody, openApi } from '../../fixture.ts';

const vault = defineModule({
  name: 'vault',
  typeDefs: `
    type Query {
      open(key: String @sensitive, keys: [String!] @sensitive, box: Box, boxes: [[Box]], whole: Box @sensitive, name: String, size: Int): String @public
    }
    type Mutation {
      lock(box: Box): String @public
    }
    input Box { key: String @sensitive, pin: Int @sensitive, kind: Kind @sensitive, inner: Box, name: String }
    enum Kind { IRON STEEL }
    directive @with(key: String @sensitive) on FIELD
  `,
  resolvers: { Query: { open: () => 'opened' }, Mutation: { lock: () => 'locked' } },
});
const openVault = (t: TestContext) => openApi(t, { modules: [vault] });

describe('C-8 a secret in the query text is refused', () => {
  const refused: Record<string, string> = {
    'as an argument': '{ open(key: "s") }',
    'as a block string': '{ open(key: """s""") }',
    'as a literal of the wrong kind': '{ open(key: 1) }',
    'in a list': '{ open(keys: ["s"]) }',
    'as a list of one without brackets': '{ open(keys: "s") }',
    'next to a variable in a list': 'query ($k: String!) { open(keys: [$k, "s"]) }',
    'as an input field': '{ open(box: { key: "s" }) }',
    'as a number': '{ open(box: { pin: 1234 }) }',
    'as an enum value': '{ open(box: { kind: IRON }) }',
    'as a nested input field': '{ open(box: { inner: { inner: { key: "s" } } }) }',
    'in lists of input objects': '{ open(boxes: [[{ name: "n" }, { key: "s" }]]) }',
    'as any field of an input object that is secret as a whole': '{ open(whole: { name: "s" }) }',
    'under an alias': '{ a: open(key: "s") }',
    'in a named fragment': '{ ...f } fragment f on Query { open(key: "s") }',
    'in a named fragment that nothing uses': '{ __typename } fragment f on Query { open(key: "s") }',
    'in an inline fragment': '{ ... on Query { open(key: "s") } }',
    'in a skipped field': '{ open(key: "s") @skip(if: true) }',
    "in a directive's argument": '{ open @with(key: "s") }',
    "in a variable's default": 'query ($b: Box = { key: "s" }) { open(box: $b) }',
    'in the default of a variable that nothing uses for it':
      'query ($b: [Box] = [{ inner: { key: "s" } }]) { open(boxes: [$b]) }',
    'as the default of a variable of an innocent type': 'query ($k: String = "s") { open(key: $k) }',
    'as the default of a variable that is used within a list': 'query ($k: String! = "s") { open(keys: [$k]) }',
    'as the default of a variable that is used as an input field':
      'query ($k: String = "s") { open(box: { inner: { key: $k } }) }',
    'as the default of a variable that is used in a fragment':
      'query ($k: String = "s") { ...f } fragment f on Query { open(key: $k) }',
    'as the default of a variable that is used in an earlier fragment':
      'fragment f on Query { open(key: $k) } query ($k: String = "s") { ...f }',
    'in an operation that is not run': 'query a { open } query b { open(key: "s") }',
  };
  for (const [name, query] of Object.entries(refused)) {
    it(name, async (t) => {
      const { ask } = await openVault(t);
      const answer = await ask(nobody, query);
      assert.ok(codesOf(answer).includes('SENSITIVE_LITERAL'), JSON.stringify(answer.errors));
      assert.equal(answer.data, null);
      for (const { message } of answer.errors) assert.doesNotMatch(message, /"s"|1234|IRON/);
    });
  }

  const accepted: Record<string, [string, Record<string, unknown>]> = {
    'a variable': ['query ($k: String) { open(key: $k) }', { k: 's' }],
    'a variable in a list': ['query ($k: String!) { open(keys: [$k]) }', { k: 's' }],
    'a variable in an input object': ['query ($k: String) { open(box: { key: $k, name: "n" }) }', { k: 's' }],
    'an input object as a variable': ['query ($b: Box) { open(box: $b) }', { b: { key: 's' } }],
    'null, which is not a secret': ['{ open(key: null, box: { key: null }) }', {}],
    'a default of null': ['query ($k: String = null) { open(key: $k) }', { k: 's' }],
    'literals of other arguments': ['query ($n: String = "n") { open(name: $n, size: 1, box: { name: "n" }) }', {}],
    nothing: ['{ open }', {}],
  };
  for (const [name, [query, variables]] of Object.entries(accepted)) {
    it(`accepts ${name}`, async (t) => {
      const { ask } = await openVault(t);
      assert.deepEqual(await ask(nobody, query, variables), { data: { open: 'opened' }, errors: [] });
    });
  }

  it('the inputs of the token mutations are secrets', async (t) => {
    const { ask } = await openVault(t);
    const answer = await ask(
      nobody,
      `mutation a {
        exchangeAuthorizationCode(input: { client: {
          clientId: "c", clientSecret: "s", code: "s", codeVerifier: "s", redirectUri: "r" } }) { __typename } }
      query b { __typename }
      mutation c { refreshAccessToken(input: { clientId: "c", clientSecret: "s", refreshToken: "s" }) { __typename } }
      mutation d { revokeToken(input: { clientId: "c", clientSecret: "s", token: "s" }) { __typename } }`,
    );
    assert.deepEqual(
      codesOf(answer),
      Array.from({ length: 7 }, () => 'SENSITIVE_LITERAL'),
    );
    assert.deepEqual(
      answer.errors.map(({ message }) => message.split('"')[1]),
      ['clientSecret', 'code', 'codeVerifier', 'clientSecret', 'refreshToken', 'clientSecret', 'token'],
    );
  });
});

describe('C-9 one token mutation to an operation', () => {
  const exchange = 'exchangeAuthorizationCode(input: { client: $x }) { __typename }';
  const refresh = 'refreshAccessToken(input: $r) { __typename }';
  const revoke = 'revokeToken(input: $t) { error { error } }';
  const variables = {
    x: { clientId: 'c', code: 's', codeVerifier: 's', redirectUri: 'r' },
    r: { clientId: 'c', refreshToken: 's' },
    t: { clientId: 'c', token: 's' },
  };
  const used = (body: string) =>
    `mutation (${['$x: ClientExchangeInput!', '$r: RefreshAccessTokenInput!', '$t: RevokeTokenInput!']
      .filter((definition) => body.includes(definition.slice(0, 2)))
      .join(', ')}) ${body}`;

  const refused: Record<string, string> = {
    'two aliases': `{ a: ${exchange} b: ${exchange} }`,
    'two kinds': `{ ${exchange} ${refresh} }`,
    'a revocation and a refresh': `{ ${revoke} ${refresh} }`,
    'one in an inline fragment': `{ ${exchange} ... on Mutation { b: ${exchange} } }`,
    'one in a named fragment': `{ ${exchange} ...f } fragment f on Mutation { b: ${exchange} }`,
    'both in nested fragments': `{ ...f } fragment f on Mutation { ...g a: ${refresh} } fragment g on Mutation { ... { b: ${refresh} } }`,
    'one that is skipped': `{ ${refresh} b: refreshAccessToken(input: $r) @skip(if: true) { __typename } }`,
    'as many aliases as there may be': `{ ${Array.from({ length: 20 }, (_, index) => `a${index}: ${refresh}`).join(' ')} }`,
  };
  for (const [name, body] of Object.entries(refused)) {
    it(`refuses ${name}`, async (t) => {
      const { ask } = await openVault(t);
      const answer = await ask(nobody, used(body), variables);
      assert.deepEqual(codesOf(answer), ['TOKEN_MUTATION_LIMIT']);
    });
  }

  const accepted: Record<string, string> = {
    one: `{ ${refresh} }`,
    'one together with another mutation': `{ ${refresh} lock }`,
    'the same selected twice, which runs once': `{ ${refresh} ${refresh} ...f ...f } fragment f on Mutation { ${refresh} }`,
    'one to each of two operations': `{ ${refresh} } query b { __typename }`,
  };
  for (const [name, body] of Object.entries(accepted)) {
    it(`accepts ${name}`, async (t) => {
      const { ask } = await openVault(t);
      assert.ok(!codesOf(await ask(nobody, used(body), variables)).includes('TOKEN_MUTATION_LIMIT'));
    });
  }

  it('is decided in time that is linear in the document, for any number of spreads', async (t) => {
    const { ask } = await openVault(t);
    const fragments = Array.from(
      { length: 40 },
      (_, index) => `fragment f${index} on Mutation { ...f${index + 1} ...f${index + 1} ...f${index + 1} }`,
    );
    const started = performance.now();
    await ask(nobody, used(`{ ...f0 } ${fragments.join(' ')} fragment f40 on Mutation { ${refresh} }`), variables);
    assert.ok(performance.now() - started < 5000);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { graphqlPath } from '../../../src/http/graphql/graphql.ts';
import { mountTable } from '../../conformance/auth/mount.ts';
import { listening, type Asked, type Told, transportsOf } from '../../support/transports.ts';
import type { Caller } from '../../support/callers.ts';
import { explainQuery, linesOf, openShop } from './world.ts';

const names = ['POST', 'GET', 'WebSocket', 'server-sent events'] as const;
const some: Caller = { scopes: ['applications'], accountId: 'alice' };
const variables = {
  document:
    'query Q($size: Size, $deep: Boolean!) {\n  all: items(filter: { size: $size, secret: "x" }) {\n    ... @include(if: $deep) { id ...book }\n  }\n}\nfragment book on Book { pages }',
  operationName: 'Q',
  variables: '{ "size": "LARGE", "deep": true }',
};

type Asks = ReturnType<typeof transportsOf>;

const ask = async (asks: Asks, name: string, asked: Asked): Promise<Told> => (await asks[name]?.(asked)) ?? {};
const explanationIn = ({ data }: Told) => (data as { explainOperation: any }).explainOperation;

describe('explainOperation with introspection open', () => {
  const { guarded, calls, policy } = openShop();
  let app: FastifyInstance;
  let asks: Asks;
  before(async () => {
    app = await mountTable(guarded, 'open', policy.limits);
    asks = transportsOf(await listening(app));
  });
  after(() => app.close());

  for (const name of names) {
    it(`explains an operation over ${name}`, async () => {
      const anonymous = await ask(asks, name, { query: explainQuery(), variables, caller: null });
      assert.equal(anonymous.errors, undefined);
      const refused = explanationIn(anonymous);
      assert.deepEqual([refused.outcome, refused.code, refused.faults], ['REFUSED', 'UNAUTHENTICATED', []]);
      assert.deepEqual(refused.missing, {
        token: true,
        scopes: [['accounts', 'profile']],
        claims: [],
        account: true,
        maxAge: null,
        acr: null,
      });
      const asked = await ask(asks, name, { query: explainQuery(), variables, caller: some });
      const explanation = explanationIn(asked);
      assert.deepEqual(
        [explanation.operationName, explanation.outcome, explanation.code],
        ['Q', 'REFUSED', 'FORBIDDEN'],
      );
      assert.deepEqual(linesOf(explanation), [
        'all Query.items 2:3 ALLOW (Query.items ALLOW)',
        'all Item 2:3 ALLOW (Item ALLOW)',
        'all Book 2:3 DEPENDS (Book DENY)',
        'all Size.LARGE 2:3 DENY (Size.LARGE DENY)',
        'all Filter.secret 2:3 DEPENDS (Filter.secret DEPENDS)',
        'all.pages Book.pages 6:25 DEPENDS (Book.pages DEPENDS)',
      ]);
      assert.deepEqual(explanation.leastScopes, [['accounts', 'profile']]);
      assert.deepEqual(explanation.missing.scopes, [['accounts', 'profile']]);
    });
  }

  it('runs no resolver and no policy, and reports no denial', () => {
    assert.deepEqual(calls, { resolvers: [], policies: [], denials: [] });
  });

  it('explains once in an operation: under two aliases, in fragments, and below the root', async () => {
    const field = 'explainOperation(document: "{ open }") { outcome }';
    for (const query of [
      `{ a: ${field} b: ${field} }`,
      `{ ...f } fragment f on Query { a: ${field} ...g } fragment g on Query { ... { b: ${field} } }`,
    ]) {
      for (const name of names) {
        const { data, errors } = await ask(asks, name, { query, caller: null });
        assert.equal(data, undefined, name);
        assert.deepEqual(
          errors?.map(({ extensions }) => extensions['code']),
          ['LIMIT_EXCEEDED'],
        );
      }
    }
    const below = await ask(asks, 'POST', { query: `{ ${field} again { again { ${field} } } }`, caller: null });
    assert.deepEqual(
      below.errors?.map(({ extensions }) => extensions['code']),
      ['LIMIT_EXCEEDED'],
    );
    const merged = await ask(asks, 'POST', {
      query: `{ ${field} ${field} ...f } fragment f on Query { ${field} }`,
      caller: null,
    });
    assert.deepEqual(merged, { data: { explainOperation: { outcome: 'RUNS' } } });
    const payload = [{ query: `{ ${field} }` }, { query: `{ ${field} }` }];
    const batch = await app.inject({ method: 'POST', url: graphqlPath, payload });
    assert.equal(batch.statusCode, 400);
  });
});

describe('explainOperation and secrets', () => {
  const { guarded, policy } = openShop();
  let app: FastifyInstance;
  let asks: Asks;
  before(async () => {
    app = await mountTable(guarded, 'open', policy.limits);
    asks = transportsOf(await listening(app));
  });
  after(() => app.close());

  it('refuses variables in the text of the query, which servers and proxies log', async () => {
    const variables = JSON.stringify('{ "code": "s3cret" }');
    const document = 'query ($code: String) { item(code: $code) { id } }';
    const values = JSON.stringify(document);
    for (const query of [
      `{ explainOperation(document: ${values}, variables: ${variables}) { outcome } }`,
      `query ($v: String = ${variables}) { explainOperation(document: ${values}, variables: $v) { outcome } }`,
    ]) {
      for (const name of names) {
        const { data, errors } = await ask(asks, name, { query, caller: null });
        assert.equal(data, undefined, name);
        assert.deepEqual(
          errors?.map(({ extensions }) => extensions['code']),
          ['SENSITIVE_LITERAL'],
        );
        assert.doesNotMatch(JSON.stringify(errors), /s3cret/);
      }
    }
  });
});

describe('explainOperation with introspection authenticated', () => {
  const { guarded, policy } = openShop({ introspection: 'authenticated' });
  let app: FastifyInstance;
  let asks: Asks;
  before(async () => {
    app = await mountTable(guarded, 'authenticated', policy.limits);
    asks = transportsOf(await listening(app));
  });
  after(() => app.close());

  it('needs a token, like introspection', async () => {
    for (const name of names) {
      for (const query of [explainQuery(), `{ again { explainOperation(document: "{ open }") { outcome } } }`]) {
        const { data, errors } = await ask(asks, name, { query, variables, caller: null });
        assert.doesNotMatch(JSON.stringify(data ?? null), /outcome/, name);
        assert.deepEqual(
          errors?.map(({ extensions }) => extensions['code']),
          ['UNAUTHENTICATED'],
          name,
        );
        assert.doesNotMatch(JSON.stringify(errors), /Book|Query\./);
      }
      const told = await ask(asks, name, { query: explainQuery(), variables, caller: some });
      assert.equal(explanationIn(told).code, 'FORBIDDEN');
    }
    const headers = { authorization: 'null' };
    const response = await app.inject({
      method: 'POST',
      url: graphqlPath,
      headers,
      payload: { query: explainQuery(), variables },
    });
    assert.equal(response.statusCode, 401);
    assert.match(String(response.headers['www-authenticate']), /^Bearer /);
  });

  it('shows in faults no name that is not in the document', async () => {
    const documents = [
      '{ opn }',
      '{ items { pages } }',
      '{ items(filtr: {}) { id } }',
      '{ items(filter: { siz: SMALL }) { id } }',
    ];
    for (const document of documents) {
      const told = await ask(asks, 'POST', { query: explainQuery(), variables: { document }, caller: some });
      const { faults } = explanationIn(told);
      assert.equal(faults.length, 1, document);
      assert.doesNotMatch(faults[0].message, /Did you mean|Query|Item|Filter|open|size/);
    }
  });
});

describe('explainOperation with introspection off', () => {
  const { guarded, policy } = openShop({ introspection: 'off' });
  let app: FastifyInstance;
  before(async () => {
    app = await mountTable(guarded, 'off', policy.limits);
  });
  after(() => app.close());

  it('is not in the schema, and no answer has a name of it', async () => {
    assert.equal(guarded.schema.getQueryType()?.getFields()['explainOperation'], undefined);
    for (const type of ['OperationExplanation', 'ExplainedRule', 'RuleDecision'])
      assert.equal(guarded.schema.getType(type), undefined);
    const asks = transportsOf(await listening(app));
    for (const name of names) {
      const { data, errors } = await ask(asks, name, { query: explainQuery(), variables, caller: some });
      assert.equal(data, undefined);
      assert.deepEqual(
        errors?.map(({ message }) => message),
        ['Cannot query field "explainOperation".'],
        name,
      );
    }
  });
});

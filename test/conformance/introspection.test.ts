import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { getIntrospectionQuery } from 'graphql';
import { query, signInFor } from '../support/client.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';

const introspecting: Readonly<Record<string, string>> = {
  'the whole schema': getIntrospectionQuery(),
  __type: '{ __type(name: "Query") { name } }',
  'an alias': '{ scopes { name } harmless: __schema { queryType { name } } }',
  'a fragment': '{ ...a } fragment a on Query { ... { __schema { queryType { name } } } }',
};

/** Queries with a wrong name, and the name that graphql-js would suggest. */
const wrong: Readonly<Record<string, { readonly document: string; readonly suggested: string }>> = {
  field: { document: '{ scope { name } }', suggested: 'scopes' },
  'field of a type': { document: '{ scopes { nam } }', suggested: '"name"' },
  argument: { document: '{ grants(frist: 1) { __typename } }', suggested: '"first"' },
  type: { document: '{ ... on Querry { __typename } }', suggested: '"Query"' },
};

const modes = ['open', 'authenticated', 'off'] as const;

describe('B-15 introspection', { concurrency: false }, () => {
  const servers = new Map<string, TestServer>();
  const tokens = new Map<string, string>();

  before(async () => {
    for (const mode of modes) {
      const server = await startTestServer({ config: `export default { introspection: '${mode}' };` });
      servers.set(mode, server);
      tokens.set(mode, (await signInFor(server.url, { scope: 'profile', account: admin })).accessToken);
    }
  });
  after(async () => {
    for (const server of servers.values()) await server.dispose();
  });

  const ask = (mode: string, document: string, caller: 'anonymous' | 'signed in') => {
    const token = caller === 'anonymous' ? undefined : tokens.get(mode);
    return query(servers.get(mode)?.url ?? '', document, token === undefined ? {} : { token });
  };

  for (const [name, document] of Object.entries(introspecting)) {
    it(`open: every caller, by ${name}`, async () => {
      for (const caller of ['anonymous', 'signed in'] as const) {
        const { status, body } = await ask('open', document, caller);
        assert.equal(status, 200);
        assert.equal(body.errors, undefined);
      }
    });

    it(`authenticated: a caller with a token, by ${name}`, async () => {
      const { status, body } = await ask('authenticated', document, 'signed in');
      assert.equal(status, 200);
      assert.equal(body.errors, undefined);
    });

    it(`authenticated: no other caller, by ${name}`, async () => {
      const { status, body, headers } = await ask('authenticated', document, 'anonymous');
      assert.equal(status, 401);
      assert.deepEqual(
        body.errors?.map(({ extensions }) => extensions),
        [{ code: 'UNAUTHENTICATED' }],
      );
      assert.equal(body.data, undefined);
      const { headers: denied } = await ask('authenticated', '{ viewer { subject } }', 'anonymous');
      assert.equal(headers.get('www-authenticate'), denied.get('www-authenticate'));
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer realm=.*resource_metadata=/);
    });

    it(`off: no caller, by ${name}`, async () => {
      for (const caller of ['anonymous', 'signed in'] as const) {
        const { body } = await ask('off', document, caller);
        assert.equal(body.data, undefined);
        assert.ok(body.errors?.length);
        for (const { extensions } of body.errors) assert.equal(extensions.code, 'GRAPHQL_VALIDATION_FAILED');
        assert.doesNotMatch(JSON.stringify(body), /"queryType":\{/);
      }
    });
  }

  for (const mode of modes) {
    it(`${mode}: __typename always works`, async () => {
      const { status, body } = await ask(mode, '{ __typename scopes { __typename } }', 'anonymous');
      assert.equal(status, 200);
      assert.equal(body.data.__typename, 'Query');
    });
  }

  for (const [name, { document, suggested }] of Object.entries(wrong)) {
    it(`open: a wrong ${name} is answered with a suggestion`, async () => {
      const { body } = await ask('open', document, 'anonymous');
      assert.ok(body.errors?.[0]?.message.includes(suggested), body.errors?.[0]?.message);
    });

    it(`authenticated, off: a wrong ${name} is answered without one`, async () => {
      for (const mode of ['authenticated', 'off']) {
        const { body } = await ask(mode, document, 'anonymous');
        assert.equal(body.errors?.length, 1);
        const message = body.errors[0]?.message ?? '';
        assert.match(message, /^(Cannot query|Unknown) .*\.$/);
        assert.doesNotMatch(message, /Did you mean/);
        assert.ok(!message.includes(suggested), message);
      }
    });
  }
});

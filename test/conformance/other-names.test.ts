import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildClientSchema, getIntrospectionQuery } from 'graphql';
import { toGlobalId } from '../../src/api/relay/global-id.ts';
import { exchange, query, refresh, requestCode, revoke, signInFor } from '../support/client.ts';
import { root } from '../support/process.ts';
import { admin, startTestServer, type TestServer } from '../support/server.ts';
import { assertRefusesToStart } from './refuses-to-start.ts';

const typeDefs = `
  directive @auth(rules: [AuthRule!]!) on OBJECT | FIELD_DEFINITION
  input AuthRule { allow: String! }
  scalar DateTime
  type Account implements Node @auth(rules: [{ allow: "owner" }]) @claims(scope: "accounts") { id: ID!  balance: Int! }
  type Viewer { name: String  account: Account }
  type Query { viewer: Viewer @claims(scope: "profile")  accounts: [Account!] @claims(scope: "accounts") }
`;

const config = (more: string) => `
  import { toGlobalId } from ${JSON.stringify(join(root, 'src/server.ts'))};
  const account = { number: '7', balance: 5 };
  export default {
    directives: { auth: 'claims' },
    ${more}
    modules: [{
      name: 'bank',
      typeDefs: ${JSON.stringify(typeDefs)},
      resolvers: {
        Query: { viewer: () => ({ name: 'Ada', account }), accounts: () => [account] },
        Account: { id: ({ number }) => toGlobalId('Account', number) },
      },
      nodes: { Account: (id) => (id === account.number ? account : null) },
    }],
  };
`;

const node = 'query ($id: ID!) { node(id: $id) { __typename id ... on Account { balance } } }';

for (const [name, more, own] of [
  ['a prefix', `identityApi: { prefix: 'Claimgate' },`, true],
  ['no identity API', 'identityApi: false,', false],
] as const) {
  describe(`G-12 a server with ${name} and a team’s Account and @auth`, () => {
    let server: TestServer;
    let profile: string;
    let accounts: string;
    before(async () => {
      server = await startTestServer({ config: config(more), fromSources: true });
      profile = (await signInFor(server.url, { scope: 'profile', account: admin })).accessToken;
      accounts = (await signInFor(server.url, { scope: 'accounts profile', account: admin })).accessToken;
    });
    after(() => server.dispose());

    it('G-12 issues, refreshes and revokes tokens by the token mutations', async () => {
      const { input } = await requestCode(server.url, { scope: 'profile', account: admin });
      const first = await exchange(server.url, input);
      const { refreshToken } = await refresh(server.url, { refreshToken: first['refreshToken'] });
      assert.equal((await revoke(server.url, { token: refreshToken })).error, null);
      assert.equal((await refresh(server.url, { refreshToken })).error, 'invalid_grant');
    });

    it('G-12 denies by the configured directive, with status and challenge', async () => {
      const anonymous = await query(server.url, '{ viewer { name } }');
      assert.equal(anonymous.status, 401);
      assert.match(anonymous.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
      assert.deepEqual(anonymous.body.errors?.[0]?.extensions['requiredScopes'], ['profile']);
      const denied = await query(server.url, '{ accounts { balance } }', { token: profile });
      assert.deepEqual([denied.status, denied.body.errors?.[0]?.extensions['code']], [403, 'FORBIDDEN']);
      const part = await query(server.url, '{ viewer { name account { balance } } }', { token: profile });
      assert.deepEqual(part.body.data, { viewer: { name: 'Ada', account: null } });
      const whole = await query(server.url, '{ viewer { name account { balance } } }', { token: accounts });
      assert.deepEqual(whole.body, { data: { viewer: { name: 'Ada', account: { balance: 5 } } } });
    });

    it('G-12 finds the team’s nodes, and denies them like every other path', async () => {
      const id = toGlobalId('Account', '7');
      const found = await query(server.url, node, { token: accounts, variables: { id } });
      assert.deepEqual(found.body, { data: { node: { __typename: 'Account', id, balance: 5 } } });
      const denied = await query(server.url, node, { token: profile, variables: { id } });
      assert.deepEqual([denied.body.data, denied.body.errors?.[0]?.extensions['code']], [{ node: null }, 'FORBIDDEN']);
      assert.equal((await query(server.url, node, { variables: { id } })).status, 401);
    });

    it('G-12 shows its schema by these names alone', async () => {
      const { body } = await query(server.url, getIntrospectionQuery());
      const schema = buildClientSchema(body.data);
      assert.deepEqual(
        schema.getDirective('auth')?.args.map((argument) => argument.name),
        ['rules'],
      );
      assert.ok(schema.getDirective('claims')?.args.some((argument) => argument.name === 'scope'));
      for (const type of ['Application', 'AuditEvent', 'PageInfo', 'Scope', 'AuthMode', 'ClaimRule']) {
        assert.equal(schema.getType(type), undefined, type);
      }
      assert.equal(schema.getType('ClaimgateApplication') !== undefined, own);
      assert.equal(schema.getMutationType()?.getFields()['exchangeAuthorizationCode'] !== undefined, true);
    });

    it('G-12 answers the identity API under its names, or not at all', async () => {
      const document = '{ claimgateViewer { account { id email } } claimgateScopes { name } }';
      const { body } = await query(server.url, document, { token: profile });
      if (own) {
        assert.equal(body.data.claimgateViewer.account.email, admin.email);
        const { id } = body.data.claimgateViewer.account;
        const again = await query(server.url, node, { token: profile, variables: { id } });
        assert.deepEqual(again.body, { data: { node: { __typename: 'ClaimgateAccount', id } } });
      } else {
        assert.match(body.errors?.[0]?.message ?? '', /Cannot query field "claimgateViewer"/);
      }
    });
  });
}

describe('G-12 a start with a fault', () => {
  it('G-12 names the configured directive for an @auth that no module defines', async () => {
    const module = `{ name: 'shop', typeDefs: 'type Query { x: Int @auth(scope: "profile") }' }`;
    await assertRefusesToStart(
      { config: `export default { directives: { auth: 'claims' }, modules: [${module}] };` },
      /Query\.x \(module "shop"\): Unknown directive "@auth"; did you mean @claims\?/,
    );
  });
});

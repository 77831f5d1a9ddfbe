import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { claimgate, type CommandResult } from '../support/cli.ts';
import { query, registerApplication, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { temporaryFolder, until } from '../support/process.ts';
import { addPerson, startTestServer, type TestServer, withStore } from '../support/server.ts';
import { assertUntold } from '../support/tokens.ts';

const config = `export default {
  modules: [{
    name: 'orders',
    typeDefs: 'extend type Query { orders: Int @auth(scope: "orders:read") recent: Int @auth(maxAge: 86400) ours: Int @auth(scope: "other:read") }',
    resolvers: { Query: { orders: () => 1, recent: () => 2, ours: () => 3 } },
  }],
  scopes: { 'orders:read': { description: 'See the orders' }, 'other:read': { description: 'See the rest', roles: ['administrator'] } },
  resources: [{ audience: 'https://billing.example.com', scopes: { 'bills:read': { description: 'See the bills' } } }],
}`;

onEachDatabase((database) => {
  describe('claimgate token create', () => {
    let server: TestServer;
    let grace: { id: string; email: string };
    before(async () => {
      const CLAIMGATE_KEY = Buffer.alloc(32, 3).toString('base64');
      server = await startTestServer({ database, config, env: { CLAIMGATE_KEY } });
      grace = await addPerson(server, 'grace@example.com');
    });
    after(() => server.dispose());

    const environment = () => ({
      DATABASE_URL: server.databaseUrl,
      CLAIMGATE_PUBLIC_URL: server.url,
      CLAIMGATE_KEY: Buffer.alloc(32, 3).toString('base64'),
    });
    const command = (args: readonly string[], env: Record<string, string> = {}) =>
      claimgate(args, { cwd: server.folder, env: { ...environment(), ...env } });
    const create = (...args: string[]) => command(['token', 'create', '--account', grace.email, ...args]);
    const statusOf = async (token: string, document = '{ orders }') => {
      const { status, body } = await query(server.url, document, { token });
      return body.errors?.[0]?.extensions['code'] ?? status;
    };
    /** Waits until the server refuses a token. A change of another process reaches it within two seconds. */
    const isRefused = (token: string) => until(async () => (await statusOf(token)) === 'INVALID_TOKEN', 5_000);
    const tokenOf = ({ code, out, err }: CommandResult) => {
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/, 'the standard output has only the token');
      return out.trim();
    };

    it('I-8 prints a token that the running server accepts, with a grant that shows and ends it', async () => {
      const token = tokenOf(await create('--scope', 'orders:read'));
      assert.equal(await statusOf(token), 200);
      const { grant_id: grantId, sub, client_id: clientId, scope, iat = 0, exp = 0 } = decodeJwt(token);
      assert.deepEqual([sub, clientId, scope, exp - iat], [grace.id, 'claimgate', 'orders:read', 600]);
      assert.equal(decodeProtectedHeader(token).typ, 'at+jwt');
      const [listed] = (await command(['grant', 'list', '--account', grace.email, '--json'])).json();
      assert.deepEqual(
        [listed.id, listed.clientId, listed.scopes, Date.parse(listed.expiresAt)],
        [grantId, 'claimgate', ['orders:read'], exp * 1_000],
      );
      const own = tokenOf(await create('--scope', 'profile grants'));
      const { body } = await query(server.url, '{ viewer { subject account { email } } grants { nodes { scopes } } }', {
        token: own,
      });
      assert.equal(body.data.viewer.account.email, grace.email);
      assert.deepEqual(
        body.data.grants.nodes.map((node: { scopes: string[] }) => node.scopes),
        [['profile', 'grants'], ['orders:read']],
      );
      assert.equal((await command(['grant', 'revoke', String(grantId)])).code, 0);
      await isRefused(token);
      assert.equal(await statusOf(own, '{ viewer { subject } }'), 200, 'another token of the account stays');
    });

    it('I-8 gives details with --json, and caps the lifetime at 24 hours', async () => {
      const made = await create('--scope', 'orders:read', '--lifetime', '24h', '--json');
      const [{ accessToken, expiresAt, ...details }] = made.json();
      const { jti, grant_id: grantId, iat = 0, exp } = decodeJwt(accessToken);
      assert.equal(exp, iat + 86_400);
      assert.equal(Date.parse(expiresAt), exp * 1_000);
      assert.deepEqual(details, {
        tokenType: 'Bearer',
        id: jti,
        grantId,
        account: grace.email,
        accountId: grace.id,
        clientId: 'claimgate',
        scopes: ['orders:read'],
        issuer: server.url,
        audience: `${server.url}/graphql`,
      });
      const short = decodeJwt(tokenOf(await create('--scope', 'orders:read', '--lifetime', '90')));
      assert.equal((short.exp ?? 0) - (short.iat ?? 0), 90);
      for (const lifetime of ['86401', '0', '-5', '1d', ''])
        assert.match(await refusal(2, `--lifetime=${lifetime}`), /^claimgate token create: --lifetime .*at most 86400/);
    });

    /** Asks for `orders:read` with further options. @returns the error, after checks that nothing was made */
    async function refusal(code: number, ...args: string[]): Promise<string> {
      const before = await countGrants();
      const { out, err, ...ended } = await create('--scope=orders:read', ...args);
      assert.deepEqual([ended.code, out], [code, ''], err);
      assert.equal(err.split('\n').length, 2, err);
      assert.equal(await countGrants(), before);
      return err;
    }
    const countGrants = () =>
      withStore(server, async (store) => (await store.selectFrom('grants').select('id').execute()).length);

    it('I-8 is recorded with the operator at the command line, and without the token', async () => {
      const token = tokenOf(await create('--scope', 'orders:read'));
      const { grant_id: grantId, jti } = decodeJwt(token);
      const events = (await command(['audit', '--last', '10', '--json'])).json();
      const about = events.filter(({ detail }) => String(detail).includes(String(grantId)));
      const parties = `grant ${String(grantId)} of account ${grace.id} and client ID claimgate`;
      assert.deepEqual(
        about.map(({ type, detail, account = null }) => [type, detail, account]),
        [
          ['grant_given', `command line: ${parties}, scopes: orders:read`, null],
          ['token_issued', `command line: access token ${jti}, ${parties}`, null],
        ],
      );
      assertUntold(token, JSON.stringify(events) + server.output());
    });

    it('I-8 refuses a disabled account, and a disabled account ends its tokens', async () => {
      const leaving = await addPerson(server, 'leaving@example.com');
      const args = ['token', 'create', '--account', leaving.id, '--scope', 'orders:read'];
      const token = tokenOf(await command(args));
      assert.equal(await statusOf(token), 200);
      assert.equal((await command(['account', 'disable', leaving.email])).code, 0);
      await isRefused(token);
      const disabled = await command(args);
      assert.deepEqual([disabled.code, disabled.out], [1, '']);
      assert.match(disabled.err, /account: leaving@example\.com is disabled/);
      assert.equal((await command(['account', 'enable', leaving.email])).code, 0);
      // Within five seconds, the server would refuse the token, because it may have been in transit.
      const early = await command(args);
      if (early.code === 0) assert.equal(await statusOf(tokenOf(early)), 200);
      else assert.match(early.err, /try again in 5 s/);
    });

    it('I-8 ends with the role that one of its scopes needs', async () => {
      const chief = await addPerson(server, 'chief@example.com', ['administrator']);
      const token = tokenOf(await command(['token', 'create', '--account', chief.email, '--scope', 'other:read']));
      assert.equal(await statusOf(token, '{ ours }'), 200);
      assert.equal((await command(['account', 'roles', chief.email, '--none'])).code, 0);
      await isRefused(token);
    });

    it('I-8 signs with the key that signs now, and reports a missing CLAIMGATE_KEY and another public URL', async () => {
      assert.equal((await command(['key', 'rotate', '--withdraw'])).code, 0);
      const token = tokenOf(await create('--scope', 'orders:read'));
      await until(async () => (await statusOf(token)) === 200, 5_000);
      const locked = await command(['token', 'create', '--account', grace.email, '--scope', 'orders:read'], {
        CLAIMGATE_KEY: '',
      });
      assert.deepEqual([locked.code, locked.out], [1, '']);
      assert.match(locked.err, /the signing keys cannot be read: expected the CLAIMGATE_KEY/);
      const elsewhere = await command(['token', 'create', '--account', grace.email, '--scope', 'orders:read'], {
        CLAIMGATE_PUBLIC_URL: 'https://api.example.com',
      });
      assert.equal(elsewhere.code, 0);
      assert.match(
        elsewhere.err,
        new RegExp(`warning: the servers on this database have the public URL ${server.url}`),
      );
    });

    // The subject of these tests is not storage.
    if (database.name === 'SQLite') {
      it('I-8 refuses scopes beyond the roles, the application and one API, and names them', async () => {
        assert.match(
          await refusal(1, '--scope=other:read accounts'),
          /scope: "other:read" needs the role administrator, which grace@example\.com does not have; "accounts" needs the role/,
        );
        assert.match(
          await refusal(1, '--scope=order:read'),
          /no scope "order:read"; expected some of .*nearest is orders:read/,
        );
        assert.match(await refusal(1, '--scope=bills:read'), /expected scopes of one API; found scopes of .*billing/);
        assert.match(await refusal(2, '--scope=a  b'), /--scope "a {2}b": expected names of scopes with one space/);
        assert.match(await refusal(1, '--application=unknown'), /application: there is no application unknown/);
        const { accessToken } = await signInFor(server.url);
        const { clientId } = await registerApplication(server.url, accessToken, { scopes: ['profile'] });
        assert.match(
          await refusal(1, `--application=${clientId}`),
          /the application \w+ may not request "orders:read"/,
        );
        const bills = decodeJwt(tokenOf(await create('--scope=bills:read')));
        assert.equal(bills.aud, 'https://billing.example.com');
      });

      it('I-8 refuses an application that must prove a key, or that acts alone', async () => {
        const { accessToken } = await signInFor(server.url);
        const bound = await registerApplication(server.url, accessToken, { dpopBoundAccessTokens: true });
        assert.match(await refusal(1, `--application=${bound.clientId}`), /bound to a key of the application \(DPoP\)/);
        const alone = await registerApplication(server.url, accessToken, {
          redirectUris: [],
          grantTypes: ['CLIENT_CREDENTIALS'],
        });
        assert.match(await refusal(1, `--application=${alone.clientId}`), /gets no tokens for accounts/);
      });

      it('I-8 needs an account and scopes, and takes no token as an argument', async () => {
        const missing = await command(['token', 'create', '--scope', 'orders:read']);
        assert.deepEqual([missing.code, missing.out], [2, '']);
        assert.match(missing.err, /expected --account/);
        assert.match((await create()).err, /expected --scope/);
        assert.match(
          (await command(['token', 'create', '--account', 'x@example.com', '--scope', 'openid'])).err,
          /no such account/,
        );
        assert.match((await command(['token', 'crate'])).err, /standard input.*; the nearest is create/);
        assert.match((await create('--scop', 'x')).err, /Unknown option '--scop'.*nearest is --scope/);
        const noted = await create('--scope', 'openid orders:read');
        assert.equal(noted.code, 0);
        assert.match(noted.err, /warning: the scope openid is left out/);
        assert.equal(decodeJwt(noted.out).scope, 'orders:read');
      });

      it('I-8 gives no authentication of a person, so that rules with maxAge deny it', async () => {
        const token = tokenOf(await create('--scope', 'orders:read'));
        assert.equal(await statusOf(token, '{ recent }'), 'STEP_UP_REQUIRED');
        const { auth_time: authTime, acr } = decodeJwt(token);
        assert.deepEqual([authTime, acr], [undefined, undefined]);
      });
    }

    it('I-8 works without a running server, and the server accepts the token after its start', async () => {
      await server.stop();
      const token = tokenOf(await create('--scope', 'orders:read'));
      const again = await startTestServer({
        beside: server,
        config,
        env: { CLAIMGATE_KEY: environment().CLAIMGATE_KEY },
      });
      try {
        assert.equal((await query(again.own, '{ orders }', { token })).status, 200);
      } finally {
        await again.dispose();
      }
    });
  });
});

describe('claimgate token create without a database of its own', () => {
  it('I-8 is refused with a foreign issuer, and says what to do', async () => {
    const args = ['token', 'create', '--account', 'grace@example.com', '--scope', 'orders:read'];
    const { code, out, err } = await claimgate(args, { env: { CLAIMGATE_ISSUER: 'https://login.example.com' } });
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      /^claimgate token create: CLAIMGATE_ISSUER is set: .*tokens are with that issuer; .*get tokens from it\n$/,
    );
  });

  it('I-8 is refused without a database, and makes none', async () => {
    const folder = await temporaryFolder();
    try {
      const args = ['token', 'create', '--account', 'grace@example.com', '--scope', 'orders:read'];
      const { code, out } = await claimgate(args, { cwd: folder.path });
      assert.deepEqual([code, out], [1, '']);
    } finally {
      await folder.remove();
    }
  });
});

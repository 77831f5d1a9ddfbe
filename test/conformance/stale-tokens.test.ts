import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { revokeGrant } from '../../src/identity/grants/revoke.ts';
import { sweep } from '../../src/store/sweep.ts';
import {
  codeForm,
  postForm,
  query,
  refreshMutation,
  registerApplication,
  requestCode,
  signInFor,
} from '../support/client.ts';
import { onDatabaseOrEach } from '../support/databases.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';

/**
 * How often each stale token is sent. If each use counted as a tenth of an attempt, a hundredth of this number would
 * reach the limits.
 */
const rounds = 100;

interface Client {
  readonly clientId: string;
  readonly redirectUri: string;
  /** `null`: the client is public. */
  readonly clientSecret: string | null;
}

onDatabaseOrEach('PostgreSQL', (database) => {
  let server: TestServer;
  let shop: Client;
  let manager: string;
  const firstParty: Client = {
    clientId: 'claimgate',
    redirectUri: 'http://127.0.0.1:5555/callback',
    clientSecret: null,
  };

  before(async () => {
    server = await startTestServer({
      database,
      env: { CLAIMGATE_TRUSTED_PROXIES: 'loopback' },
      config: 'export default { attempts: { client: 1, clientAddress: 1, clientEverywhere: 1 } }',
    });
    manager = (await signInFor(server.url)).accessToken;
    shop = await registerApplication(server.url, manager);
  });
  after(() => server.dispose());
  beforeEach(() => withStore(server, (store) => store.deleteFrom('rate_limits').execute()));

  async function post({ clientId, clientSecret }: Client, fields: Record<string, string>, address = '203.0.113.7') {
    const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
    const response = await fetch(`${server.own}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ ...fields, ...(clientSecret === null && { client_id: clientId }) }),
      headers: { 'x-forwarded-for': address, ...(clientSecret !== null && { authorization }) },
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  const refreshWith = (client: Client, token: string, address?: string) =>
    post(client, { grant_type: 'refresh_token', refresh_token: token }, address);

  async function tokensOf(client: Client): Promise<{ refreshToken: string; code: Record<string, string> }> {
    const { clientId, redirectUri } = client;
    const { input } = await requestCode(server.url, {
      clientId,
      redirectUri,
      scope: 'profile',
      // Consent makes a new grant each time; otherwise the server would use the remembered grant.
      parameters: { prompt: 'consent' },
    });
    const { client_id: _, ...code } = codeForm(input);
    const { body } = await post(client, code);
    assert.ok(body['refresh_token'], JSON.stringify(body));
    return { refreshToken: body['refresh_token'], code };
  }

  const hash = (token: string) => createHash('sha256').update(token).digest('base64url');
  const refreshing = (token: string) => ({ grant_type: 'refresh_token', refresh_token: token });

  /** Returns every token that an honest client may still have after its grant ended or the token's row was deleted. */
  async function staleOf(client: Client): Promise<Record<string, Record<string, string>>> {
    const [revoked, ended, used, expired, swept] = [
      await tokensOf(client),
      await tokensOf(client),
      await tokensOf(client),
      await tokensOf(client),
      await tokensOf(client),
    ];
    const revocation = await postForm(
      server.url,
      '/oauth/revoke',
      { token: revoked.refreshToken, ...(client.clientSecret === null && { client_id: client.clientId }) },
      client.clientSecret === null ? undefined : { clientId: client.clientId, clientSecret: client.clientSecret },
    );
    assert.equal(revocation.status, 200);
    assert.equal((await refreshWith(client, used.refreshToken)).status, 200);
    await withStore(server, async (store) => {
      const { grant_id: grant } = await store
        .selectFrom('artifacts')
        .select('grant_id')
        .where('id_hash', '=', hash(ended.refreshToken))
        .executeTakeFirstOrThrow();
      await revokeGrant(store, grant ?? '', Date.now());
      const expire = async (token: string) => {
        const past = { expires_at: Date.now() - 1_000 };
        await store.updateTable('artifacts').set(past).where('id_hash', '=', hash(token)).execute();
      };
      await expire(swept.refreshToken);
      await expire(swept.code['code'] ?? '');
      await sweep(store, Date.now());
      await expire(expired.refreshToken);
    });
    return {
      'revoked by the client': refreshing(revoked.refreshToken),
      'of a grant that was revoked': refreshing(ended.refreshToken),
      used: refreshing(used.refreshToken),
      expired: refreshing(expired.refreshToken),
      'expired, and its row is gone': refreshing(swept.refreshToken),
      'a code that was used, and its row is gone': swept.code,
      'a code that was used': used.code,
    };
  }

  const counted = () =>
    withStore(server, (store) => store.selectFrom('rate_limits').selectAll().where('points', '>', 0).execute());

  describe('F-12 a client that sends stale values', () => {
    for (const kind of ['public', 'confidential'] as const) {
      it(`is not limited and not counted: ${kind}, ${rounds} times of each from one address`, async () => {
        const client = kind === 'public' ? firstParty : shop;
        const stale = await staleOf(client);
        let good = (await tokensOf(client)).refreshToken;
        for (let round = 0; round < rounds; round += 1) {
          const answers = await Promise.all(Object.values(stale).map((form) => post(client, form)));
          for (const [index, { status, body }] of answers.entries()) {
            const what = Object.keys(stale)[index];
            assert.deepEqual([status, body['error']], [400, 'invalid_grant'], `${what} ${JSON.stringify(body)}`);
          }
          if (round % 10 > 0) continue;
          const { status, body } = await refreshWith(client, good);
          assert.equal(status, 200, JSON.stringify(body));
          good = body['refresh_token'] ?? '';
        }
        assert.deepEqual(await counted(), []);
      });
    }

    it('is not limited at the mutation', async () => {
      const { refresh_token: refreshToken } = (await staleOf(firstParty))['of a grant that was revoked'] ?? {};
      for (let round = 0; round < 20; round += 1) {
        const { body } = await query(server.own, refreshMutation, {
          variables: { input: { clientId: 'claimgate', refreshToken } },
        });
        assert.equal(body.data.refreshAccessToken.error, 'invalid_grant');
      }
      assert.deepEqual(await counted(), []);
    });

    it('is not limited if it has authenticated, even if other browsers send codes to its redirect URI', async () => {
      for (let round = 0; round < 20; round += 1) {
        const form = { grant_type: 'authorization_code', code: `invented-${round}`, code_verifier: 'v'.repeat(43) };
        const { status, body } = await post(shop, { ...form, redirect_uri: shop.redirectUri });
        assert.deepEqual([status, body['error']], [400, 'invalid_grant']);
      }
      assert.deepEqual(await counted(), []);
    });

    it('is counted if the value only looks like one that was issued, and no other client is', async () => {
      const { refreshToken } = await tokensOf(firstParty);
      const { refreshToken: other } = await tokensOf(firstParty);
      const invented = [
        `${refreshToken.slice(0, -1)}${refreshToken.endsWith('A') ? 'Q' : 'A'}`,
        `A${refreshToken.slice(1)}`,
        refreshToken.slice(0, 43),
        refreshToken.slice(0, 43) + other.slice(43),
        refreshToken.slice(-22),
        `${refreshToken}A`,
      ];
      for (let index = 0; index < 10; index += 1) {
        const value = invented[index % invented.length] ?? '';
        assert.equal((await refreshWith(firstParty, value, '198.51.100.1')).status, 400);
      }
      assert.equal((await refreshWith(firstParty, refreshToken, '198.51.100.1')).status, 429);
      assert.equal((await refreshWith(firstParty, refreshToken)).status, 200);
    });

    it('is not limited if its assertion has a valid signature and is late or was sent before', async () => {
      const pair = await generateKeyPair('ES256');
      const signer = await registerApplication(server.url, manager, {
        tokenEndpointAuthMethod: 'PRIVATE_KEY_JWT',
        jwks: JSON.stringify({ keys: [await exportJWK(pair.publicKey)] }),
        grantTypes: ['CLIENT_CREDENTIALS'],
        redirectUris: [],
      });
      const ask = async (key: CryptoKey, exp: number, jti: string) => {
        const claims = { iss: signer.clientId, sub: signer.clientId, aud: server.url, exp, jti };
        const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(key);
        const response = await fetch(`${server.own}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            scope: 'profile',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          }),
        });
        await response.text();
        return response.status;
      };
      const now = Math.floor(Date.now() / 1_000);
      assert.equal(await ask(pair.privateKey, now + 60, 'once'), 200);
      for (let round = 0; round < 5; round += 1) {
        assert.equal(await ask(pair.privateKey, now + 60, 'once'), 401);
        assert.equal(await ask(pair.privateKey, now - 60, randomUUID()), 401);
      }
      assert.deepEqual(await counted(), []);
      const { privateKey: other } = await generateKeyPair('ES256');
      assert.equal(await ask(other, now - 60, randomUUID()), 401);
      assert.equal(await ask(pair.privateKey, now + 60, randomUUID()), 429);
    });
  });
});

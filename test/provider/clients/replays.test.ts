import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { sweepReplays } from '../../../src/store/token/replays.ts';
import { startAuthority, type TestAuthority } from '../../support/authority.ts';
import { onEachDatabase } from '../../support/databases.ts';

/** How far `iat` may differ from the current time at the token endpoint, in seconds (src/token/issuers.md). */
const window = 300;

onEachDatabase((database) => {
  let server: TestAuthority;
  let robot: { clientId: string; key: CryptoKey };

  before(async () => {
    server = await startAuthority(database, { limits: { client: 1_000, clientAddress: 1_000 } });
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicKey);
    const { application } = await server.register({
      tokenEndpointAuthMethod: 'private_key_jwt',
      keys: [{ kty, crv, x, y, use: 'sig' }],
      grantTypes: ['client_credentials', 'authorization_code'],
      scopes: ['profile'],
    });
    robot = { clientId: application.id, key: privateKey };
  });
  after(() => server.dispose());
  beforeEach(() => server.store.deleteFrom('replays').execute());

  const seconds = () => Math.floor(Date.now() / 1_000);

  async function assertionOf(exp: number, jti: string = randomUUID()): Promise<string> {
    const claims = { iss: robot.clientId, sub: robot.clientId, aud: server.url, jti, exp };
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(robot.key);
  }

  const forms = {
    token: { grant_type: 'client_credentials', scope: 'profile' },
    par: {
      response_type: 'code',
      scope: 'profile',
      redirect_uri: 'https://app.example/callback',
      code_challenge: 'c'.repeat(43),
      code_challenge_method: 'S256',
    },
  } as const;

  async function ask(endpoint: keyof typeof forms, dpop: string | null, assertion?: string) {
    const response = await fetch(`${server.url}/oauth/${endpoint}`, {
      method: 'POST',
      body: new URLSearchParams({
        ...forms[endpoint],
        client_id: robot.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion ?? (await assertionOf(seconds() + 60)),
      }),
      headers: dpop === null ? {} : { dpop },
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { ok: response.ok, error: body['error'] };
  }

  async function proof(endpoint: string, iat: number): Promise<string> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const claims = { htm: 'POST', htu: `${server.url}/oauth/${endpoint}`, jti: randomUUID(), iat };
    const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) };
    return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
  }

  describe('F-7 a proof', () => {
    for (const endpoint of ['token', 'par'] as const) {
      for (const [when, offset] of [
        ['behind', -window + 20],
        ['right', 0],
        ['ahead', window - 20],
      ] as const) {
        it(`whose clock is ${when} is stored at ${endpoint} for as long as a clock within a minute accepts it`, async () => {
          const iat = seconds() + offset;
          const dpop = await proof(endpoint, iat);
          assert.deepEqual(await ask(endpoint, dpop), { ok: true, error: undefined });
          // Sweeps at the last moment at which a server accepts the proof, by a clock that is one minute ahead.
          await sweepReplays(server.store, (iat + window + 59) * 1_000);
          const again = await ask(endpoint, dpop);
          assert.deepEqual([again.ok, again.error], [false, endpoint === 'par' ? 'invalid_request' : 'invalid_grant']);
        });
      }
    }

    it('is stored only for minutes', async () => {
      await ask('token', await proof('token', seconds() + window - 20));
      await sweepReplays(server.store, Date.now() + 15 * 60_000);
      assert.deepEqual(await server.store.selectFrom('replays').selectAll().execute(), []);
    });
  });

  describe('F-7 an assertion of a client', () => {
    it('is stored until it has expired for every clock within a minute', async () => {
      const exp = seconds() + 30.5;
      const assertion = await assertionOf(exp);
      assert.equal((await ask('token', null, assertion)).ok, true);
      await sweepReplays(server.store, (exp + 60) * 1_000);
      assert.deepEqual(await ask('token', null, assertion), { ok: false, error: 'invalid_client' });
    });

    it('that is valid for longer than a day is refused, and no row is stored', async () => {
      for (const exp of [seconds() + 25 * 60 * 60, 1e300, Number.MAX_SAFE_INTEGER]) {
        assert.deepEqual(await ask('token', null, await assertionOf(exp)), { ok: false, error: 'invalid_client' });
      }
      assert.deepEqual(await server.store.selectFrom('replays').selectAll().execute(), []);
      assert.deepEqual(server.faults, []);
    });
  });
});

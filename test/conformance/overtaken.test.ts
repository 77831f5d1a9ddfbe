import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { exchange, query, refresh, requestCode, signInFor, type TokenPayload } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

let here: TestServer;
let there: TestServer;
onEachDatabase((database) => {
  before(async () => {
    here = await startTestServer({ database });
    there = await startTestServer({ beside: here });
  });
  after(async () => {
    await there.dispose();
    await here.dispose();
  });

  /** Revokes the grant of a token through the API, with a token of another grant. */
  async function revokeGrantOf(token: string, by: string): Promise<void> {
    const id = Buffer.from(`Grant:${String(decodeJwt(token)['grant_id'])}`).toString('base64url');
    const document = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { scopes } } }';
    const { status } = await query(there.url, document, { token: by, variables: { id } });
    assert.equal(status, 200);
  }

  /** Asserts that both processes refuse the access tokens, and one of them the refresh tokens. */
  async function assertRefused(given: readonly TokenPayload[]): Promise<void> {
    for (const { accessToken, refreshToken } of given) {
      for (const { url } of [here, there]) {
        assert.equal((await query(url, '{ viewer { subject } }', { token: accessToken })).status, 401);
      }
      assert.equal((await refresh(here.url, { refreshToken }))['error'], 'invalid_grant');
    }
  }

  it('C-2 no token stays valid when its grant is revoked in the middle of refreshes', async () => {
    const { accessToken: manager } = await signInFor(here.url);
    const endings: Promise<void>[] = [];
    for (let round = 0; round < 5; round += 1) {
      const first = await signInFor(here.url);
      const given: TokenPayload[] = [first];
      let isRevoked = false;
      const renewing = (async () => {
        let { refreshToken } = first;
        for (let turn = 0; ; turn += 1) {
          const isLate = isRevoked;
          const answer = await refresh((turn % 2 ? here : there).url, { refreshToken });
          if (answer['error'] !== undefined) return answer['error'];
          if (isLate) return 'tokens after the revocation';
          given.push(answer);
          refreshToken = answer['refreshToken'];
        }
      })();
      await until(() => given.length > 1);
      await sleep(20 * round);
      await revokeGrantOf(first.accessToken, manager);
      isRevoked = true;
      assert.equal(await renewing, 'invalid_grant');
      const refused = sleep(2_000).then(() => assertRefused(given));
      // The last statement awaits it. Until then the process must not end if it rejects.
      refused.catch(() => {});
      endings.push(refused);
    }
    await Promise.all(endings);
  });

  it('C-2 no token stays valid when its grant is revoked at the moment of the exchange', async () => {
    const { accessToken: manager } = await signInFor(here.url);
    const grantsDocument = '{ grants(first: 1) { nodes { id } } }';
    const revokeDocument = 'mutation ($id: ID!) { revokeGrant(input: { id: $id }) { grant { scopes } } }';
    const endings: Promise<void>[] = [];
    for (let round = 0; round < 10; round += 1) {
      const { input } = await requestCode(here.url);
      const { body } = await query(here.url, grantsDocument, { token: manager });
      const [{ id }] = body.data.grants.nodes;
      const [answer] = await Promise.all([
        exchange(here.url, input),
        sleep(round).then(() => query(there.url, revokeDocument, { token: manager, variables: { id } })),
      ]);
      if (answer['error'] !== undefined) continue;
      const refused = sleep(2_000).then(() => assertRefused([answer]));
      refused.catch(() => {});
      endings.push(refused);
    }
    await Promise.all(endings);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anonymousId } from '../../src/explorer/client/session/caller.ts';
import { query } from '../support/client.ts';
import { openExplorer } from '../support/explorer.ts';
import { Person } from '../support/person.ts';
import { type Account, addPerson, admin, startTestServer, type TestServer } from '../support/server.ts';

describe('the sign-in of the explorer', () => {
  let server: TestServer;
  let grace: Account;

  before(async () => {
    server = await startTestServer();
    grace = await addPerson(server, 'grace@example.com');
  });
  after(() => server.dispose());

  const open = (options: Parameters<typeof openExplorer>[1] = {}) => openExplorer(server, options);

  async function viewer(authorization: string | null): Promise<{ status: number; email: string | undefined }> {
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const { status, body } = await query(server.url, '{ viewer { account { email } } }', { headers });
    return { status, email: body.data?.viewer?.account?.email };
  }

  it('signs in with the mutation, PKCE, state, nonce and iss, and reads the account', async () => {
    const page = open();
    assert.equal(await page.callers.authorization(anonymousId), null);
    const caller = await page.callers.signIn({ scopes: ['profile', 'grants'] });
    assert.equal(caller.label, admin.email);
    assert.equal(caller.kind, 'signed-in');
    assert.equal(caller.state, 'ready');
    assert.deepEqual(caller.scopes, ['grants', 'profile']);
    assert.equal(caller.claims?.['client_id'], 'claimgate-explorer');
    const address = new URL(page.opened[0] ?? '');
    assert.equal(address.pathname, '/oauth/authorize');
    assert.equal(address.searchParams.get('code_challenge_method'), 'S256');
    assert.equal(address.searchParams.get('state')?.length, 43);
    assert.equal(address.searchParams.get('nonce')?.length, 43);
    assert.deepEqual(
      page.sent.map(({ operation, authorization }) => [operation, authorization !== null]),
      [
        ['ExplorerExchange', false],
        ['ExplorerCaller', true],
      ],
    );
    assert.equal((await viewer(await page.callers.authorization(caller.id))).email, admin.email);
    page.callers.dispose();
  });

  it('keeps callers of several people at the same time: the first is renewed when the second signs in', async () => {
    const browser = new Person();
    const page = open({ browser });
    const ada = await page.callers.signIn({ scopes: ['profile'] });
    const before = await page.callers.authorization(ada.id);
    page.at = { account: grace };
    const other = await page.callers.signIn({ scopes: ['profile'], as: 'new-person' });
    assert.equal(other.label, grace.email);
    assert.equal((await viewer(before)).status, 401);
    const renewed = await page.callers.authorization(ada.id);
    assert.notEqual(renewed, before);
    assert.equal((await viewer(renewed)).email, admin.email);
    assert.equal((await viewer(await page.callers.authorization(other.id))).email, grace.email);
    page.callers.dispose();
  });
});

// Errors of a sign-in and of the token endpoint must not reveal accounts, by their work or by their content. The tests
// count the work instead of measuring time, because a busy machine changes only times.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, it } from 'node:test';
import type { TestAuthority } from '../../support/authority.ts';

/** The parameters of each password hash that was computed. */
const hashes: string[] = [];
const { argon2 } = crypto;
crypto.argon2 = ((algorithm, parameters, callback) => {
  const { memory, passes, parallelism, tagLength } = parameters;
  hashes.push(JSON.stringify([algorithm, memory, passes, parallelism, tagLength]));
  argon2(algorithm, parameters, callback);
}) satisfies typeof argon2;
// The replacement must happen before our modules import the function.
syncBuiltinESMExports();
const { startAuthority } = await import('../../support/authority.ts');
const { authorizeAddress, codeForm, requestCode } = await import('../../support/client.ts');
const { onEachDatabase } = await import('../../support/databases.ts');
const { Person } = await import('../../support/person.ts');
const { createAccount } = await import('../../../src/identity/accounts/accounts.ts');
const { hashPassword } = await import('../../../src/identity/accounts/password-hash.ts');

const password = 'correct horse battery';
const redirectUri = 'http://127.0.0.1/callback';

onEachDatabase((database) => {
  let server: TestAuthority;

  before(async () => {
    server = await startAuthority(database);
    for (const email of ['known@example.com', 'disabled@example.com', 'other@example.com']) {
      await createAccount(server.store, { email, passwordHash: await hashPassword(password), roles: [] }, Date.now());
    }
    await setDisabled('disabled@example.com', Date.now());
  });
  after(() => server.dispose());

  const setDisabled = (email: string, at: number | null) =>
    server.store.updateTable('accounts').set({ disabled_at: at }).where('email', '=', email).execute();

  /**
   * Returns the visible parts of an answer, without the parts that differ each time: times, identifiers, and the input.
   */
  async function shown(response: Response, typed: string): Promise<readonly unknown[]> {
    const text = (await response.text())
      .replaceAll(typed, 'EMAIL')
      .replaceAll(/\/interaction\/[\w-]+/g, '/interaction/UID')
      .replaceAll(/name="form_token" value="[^"]+"/g, '')
      .replaceAll(/nonce[-=]["']?[\w+/=-]+/g, 'NONCE');
    const headers = [...response.headers]
      .filter(([name]) => !['date', 'content-length', 'retry-after'].includes(name))
      .map(([name, value]) => [name, value.replaceAll(/nonce-[\w+/=-]+/g, 'NONCE')]);
    return [response.status, headers, text];
  }

  describe('a sign-in that fails', () => {
    it('costs the same work and gives the same answer if the account is unknown or disabled, or the password is wrong', async () => {
      const outcomes = [];
      for (const [email, typed] of [
        ['unknown@example.com', password],
        ['known@example.com', 'a wrong password'],
        ['disabled@example.com', password],
        ['disabled@example.com', 'a wrong password'],
      ] as const) {
        await server.store.deleteFrom('rate_limits').execute();
        const person = new Person();
        const start = authorizeAddress(server.url, { redirect_uri: redirectUri });
        const page = await person.follow(await person.get(start), server.url);
        const [known, asked, facts] = [hashes.length, server.statements(), server.facts.length];
        const answer = await person.submit(page, 'sign-in', { email, password: typed, decision: 'sign-in' });
        outcomes.push({
          shown: await shown(answer, email),
          hashes: hashes.slice(known),
          statements: server.statements() - asked,
          facts: server.facts.slice(facts).map(({ accountId: _account, subject: _subject, ...fact }: any) => fact.type),
          counters: (await server.store.selectFrom('rate_limits').select('points').execute()).map(
            ({ points }) => points,
          ),
          sessions: (
            await server.store.selectFrom('artifacts').select('model').where('model', '=', 'Session').execute()
          ).length,
        });
      }
      const [first] = outcomes;
      assert.equal(first?.hashes.length, 1);
      assert.equal(first.shown[0], 401);
      assert.deepEqual(first.counters, [1, 1, 1]);
      for (const outcome of outcomes) assert.deepEqual(outcome, first);
    });

    it('computes no hash if it is refused for guessing, whether the account exists or not', async () => {
      const outcomes = [];
      for (const email of ['unknown@example.com', 'known@example.com', 'disabled@example.com']) {
        await server.store.deleteFrom('rate_limits').execute();
        const person = new Person();
        const start = authorizeAddress(server.url, { redirect_uri: redirectUri });
        const page = await person.follow(await person.get(start), server.url);
        for (let index = 0; index < 10; index += 1) {
          await server.common.attempts.guessPassword(email, '127.0.0.1', async () => null);
        }
        const [known, asked] = [hashes.length, server.statements()];
        const answer = await person.submit(page, 'sign-in', { email, password, decision: 'sign-in' });
        assert.equal(answer.status, 429);
        outcomes.push([await shown(answer, email), hashes.length - known, server.statements() - asked]);
      }
      const [first] = outcomes;
      assert.equal(first?.[1], 0);
      for (const outcome of outcomes) assert.deepEqual(outcome, first);
    });
  });

  describe('an error of the token endpoint', () => {
    async function ask(fields: Record<string, string>) {
      const [known, asked] = [hashes.length, server.statements()];
      const response = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams(fields),
      });
      const answer = await shown(response, 'nothing');
      return { answer, hashes: hashes.length - known, statements: server.statements() - asked };
    }

    it('is the same for an unknown client and for one that fails to authenticate', async () => {
      const { application } = await server.register({});
      const refresh = { grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' };
      const outcomes = [];
      for (const clientId of ['unknown', application.id]) {
        await server.store.deleteFrom('rate_limits').execute();
        outcomes.push(await ask({ ...refresh, client_id: clientId }));
      }
      assert.equal(outcomes[0]?.answer[0], 401);
      assert.equal(outcomes[0]?.hashes, 0);
      assert.deepEqual(outcomes[0], outcomes[1]);
    });

    it('is the same for codes and refresh tokens that are unknown, of a disabled account, and of another client', async () => {
      const other = await server.register({ tokenEndpointAuthMethod: 'none' });
      const account = { email: 'other@example.com', password };
      const code = async () =>
        codeForm((await requestCode(server.url, { redirectUri, account, scope: 'profile' })).input);
      const tokens = async () => {
        const response = await fetch(`${server.url}/oauth/token`, {
          method: 'POST',
          body: new URLSearchParams(await code()),
        });
        return String(((await response.json()) as Record<string, unknown>)['refresh_token']);
      };
      const [codeOfOther, ownCode, token] = [await code(), await code(), await tokens()];
      const refresh = { grant_type: 'refresh_token', client_id: 'claimgate' };
      await setDisabled(account.email, Date.now());
      const answers = [
        await ask({ ...codeOfOther, client_id: other.application.id }),
        await ask(ownCode),
        await ask({ ...ownCode, code: 'unknown' }),
        await ask({ ...refresh, refresh_token: token }),
        await ask({ ...refresh, refresh_token: 'unknown' }),
        await ask({ ...refresh, client_id: other.application.id, refresh_token: token }),
      ];
      await setDisabled(account.email, null);
      for (const { answer, hashes } of answers) {
        assert.deepEqual(answer, answers[0]?.answer);
        assert.equal(hashes, 0);
      }
      assert.equal(answers[0]?.answer[0], 400);
      assert.match(String(answers[0]?.answer[2]), /"invalid_grant"/);
    });
  });
});

import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { exchange, query, refresh, requestCode, type TokenPayload } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { Person } from '../support/person.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const rounds = 10;
const senders = 50;

onEachDatabase((kind) => {
  for (const processes of [2, 4]) {
    suite(`${processes} processes`, () => {
      const servers: TestServer[] = [];
      // One browser that stays signed in: a password is checked once.
      const person = new Person();

      before(async () => {
        const first = await startTestServer({ database: kind });
        servers.push(first);
        while (servers.length < processes) servers.push(await startTestServer({ beside: first }));
      });
      after(async () => {
        for (const server of servers.toReversed()) await server.dispose();
      });

      const urlOf = (index: number) => servers[index % processes]?.url ?? '';

      /** Sends to all processes in turn, all at once. @returns what the only one that got tokens got */
      async function race(send: (url: string) => Promise<TokenPayload>): Promise<TokenPayload> {
        const answers = await Promise.all(Array.from({ length: senders }, (_, index) => send(urlOf(index))));
        const winners = answers.filter((answer) => 'accessToken' in answer);
        const errors = [...new Set(answers.map(({ error, errorDescription }) => `${error}: ${errorDescription}`))];
        assert.equal(winners.length, 1, errors.join('; '));
        const losers = answers.filter((answer) => answer.error === 'invalid_grant');
        assert.equal(losers.length, senders - 1);
        return winners[0] ?? {};
      }

      for (let round = 1; round <= rounds; round += 1) {
        test(`C-1 C-6 of ${senders} parallel redemptions of a code, and then of its refresh token, one gets tokens (round ${round})`, async () => {
          const { input } = await requestCode(urlOf(0), { person });
          const { refreshToken } = await race((url) => exchange(url, input));
          const renewed = await race((url) => refresh(url, { refreshToken }));
          for (const { url } of servers) {
            assert.equal((await query(url, '{ viewer { subject } }', { token: renewed.accessToken })).status, 200);
          }
          assert.equal((await refresh(urlOf(1), { refreshToken: renewed.refreshToken })).error, undefined);
        });
      }
    });
  }
});

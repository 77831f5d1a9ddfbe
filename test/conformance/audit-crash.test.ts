import assert from 'node:assert/strict';
import { it } from 'node:test';
import { query, signInFor } from '../support/client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { admin, startTestServer, withStore } from '../support/server.ts';

onEachDatabase((database) => {
  it('a process that is killed right after it acknowledged a change leaves its audit row', async (t) => {
    for (const round of [1, 2]) {
      const server = await startTestServer({ database });
      t.after(() => server.dispose());
      const { accessToken } = await signInFor(server.url, { scope: 'accounts', account: admin });
      const email = `person${round}@example.com`;
      const { body } = await query(
        server.url,
        'mutation ($e: String!) { createAccount(input: { email: $e }) { account { id } } }',
        {
          token: accessToken,
          variables: { e: email },
        },
      );
      assert.equal(body.errors, undefined);
      await server.stop('SIGKILL');
      const types = await withStore(server, async (store) =>
        (await store.selectFrom('audit_events').select('type').execute()).map(({ type }) => type),
      );
      for (const type of ['account_created', 'grant_given']) {
        assert.equal(types.filter((one) => one === type).length, 1, `${type} in ${types.join()}`);
      }
    }
  });
});

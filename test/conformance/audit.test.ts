import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { createApiSchema } from '../../src/api/schema.ts';
import { listAuditEvents } from '../../src/audit/trail.ts';
import { createAuditFeed } from '../../src/audit/feed.ts';
import { openDatabase } from '../../src/store/database.ts';
import { catalogue, keySettings, noExchange, person } from '../api/fixture.ts';
import { query, registerApplication, signInFor } from '../support/client.ts';
import { timesSent } from '../support/lane/switch.ts';
import { until } from '../support/process.ts';
import { startTestServer, type TestServer, withStore } from '../support/server.ts';
import { onDatabaseOrEach } from '../support/databases.ts';

onDatabaseOrEach('PostgreSQL', (database) => {
  /** The longest delay of an event from another process, in milliseconds. */
  const allowed = 2_000;
  const grants = '{ grants { nodes { id } } }';

  describe('the audit trail of two processes on one database', () => {
    let here: TestServer;
    let there: TestServer;
    const secrets: string[] = [];
    before(async () => {
      here = await startTestServer({ database });
      there = await startTestServer({ beside: here });
    });
    after(async () => {
      await here.dispose();
    });

    async function tokenFor(scope: string): Promise<string> {
      const { accessToken, refreshToken, scope: granted } = await signInFor(here.url, { scope });
      assert.deepEqual(granted.toSorted(), scope.split(' ').toSorted());
      secrets.push(accessToken, refreshToken);
      return accessToken;
    }

    /** Subscribes in this process, which is a third process on the database. */
    async function follow(t: TestContext): Promise<AsyncGenerator<ExecutionResult, void, void>> {
      const store = await openDatabase(here.databaseUrl);
      const everySecond = (work: () => void) => {
        const timer = setInterval(work, 1_000).unref();
        return () => clearInterval(timer);
      };
      const feed = createAuditFeed({ store, everySecond, onFault: () => {} });
      const { schema } = createApiSchema({
        catalogue,
        embedded: { store, publicUrl: 'https://auth.example.com', exchange: noExchange, feed, keys: keySettings },
      });
      const document = parse('subscription { auditEventAdded { type detail } }');
      const stream = await subscribe({ schema, document, contextValue: { principal: person('eve', 'audit') } });
      t.after(() => store.destroy());
      if (!('next' in stream)) throw new Error(JSON.stringify(stream));
      return stream;
    }

    it('an event of one process arrives at a subscriber of another within two seconds', async (t) => {
      const token = await tokenFor('applications');
      const stream = await follow(t);
      /** Skips the events of other acts, such as the sign-in. */
      const nextRegistration = async () => {
        for (;;) {
          const { value } = await stream.next();
          const event = JSON.parse(JSON.stringify(value));
          if (event?.data?.auditEventAdded?.type === 'APPLICATION_REGISTERED') return event;
        }
      };
      for (const server of [here, there, here]) {
        // The read starts before the event exists, so it must wait for it.
        let event: unknown = null;
        const next = nextRegistration().then((found) => (event = found));
        const { clientId, clientSecret } = await registerApplication(server.url, token);
        secrets.push(clientSecret);
        const from = performance.now();
        await until(() => event !== null, allowed);
        t.diagnostic(`after ${(performance.now() - from).toFixed(0)} ms`);
        await next;
        assert.deepEqual(event, {
          data: { auditEventAdded: { type: 'APPLICATION_REGISTERED', detail: `client ID ${clientId}` } },
        });
      }
      await stream.return();
    });

    it('both return the events of either process, only to an administrator’s token', async () => {
      const document =
        '{ auditEvents(type: APPLICATION_REGISTERED) { nodes { coordinate account { email } clientId } } }';
      const token = await tokenFor('audit accounts');
      for (const server of [here, there]) {
        const { status, body } = await query(server.url, document, { token });
        assert.equal(status, 200, JSON.stringify(body));
        const event = {
          coordinate: 'Mutation.registerApplication',
          account: { email: 'ada@example.com' },
          clientId: 'claimgate',
        };
        assert.deepEqual(body.data.auditEvents.nodes, [event, event, event]);
        const { status: refused } = await query(server.url, document, { token: await tokenFor('profile accounts') });
        assert.equal(refused, 403);
      }
    });

    it('2,000 denials by HTTP are two rows after their window is over or the process stops', async () => {
      const token = await tokenFor('profile');
      const start = performance.now();
      for (let round = 0; round < 20; round += 1) {
        const asked = Array.from({ length: 100 }, (_, index) =>
          query(there.url, grants, index % 2 ? { token } : {}).then(({ status }) => status),
        );
        assert.deepEqual(new Set(await Promise.all(asked)), new Set([401, 403]));
      }
      assert.equal(await there.stop(), 0);
      const windows = Math.ceil((performance.now() - start) / 10_000) + 1;
      const { items } = await withStore(here, (store) =>
        listAuditEvents(store, { type: 'denial', coordinate: 'Query.grants' }, { first: 100, after: null }),
      );
      const sums = new Map<string | null, number>();
      for (const { clientId, count } of items) sums.set(clientId, (sums.get(clientId) ?? 0) + count);
      assert.deepEqual(Object.fromEntries(sums), { null: 1_000 * timesSent, claimgate: 1_000 * timesSent });
      // At most two rows for each ten-second window that the flood touched.
      assert.ok(items.length <= 2 * windows, `${items.length} rows in ${windows} windows`);
    });

    it('a running server writes the counted events within their window', async () => {
      await query(here.url, '{ applications { nodes { id } } }');
      await until(
        () =>
          withStore(here, async (store) => {
            const filter = { coordinate: 'Query.applications' } as const;
            return (await listAuditEvents(store, filter, { first: 1, after: null })).items.length === 1;
          }),
        12_000,
      );
    });

    it('no row and no log contains a token or a secret', async () => {
      const rows = await withStore(here, (store) => store.selectFrom('audit_events').selectAll().execute());
      assert.ok(rows.length > 5 && secrets.length > 10);
      const told = JSON.stringify(rows) + here.output() + there.output();
      for (const secret of secrets) {
        assert.ok(!told.includes(secret));
        for (const part of secret.split('.')) assert.ok(!told.includes(part), part.slice(0, 8));
      }
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sweepAuditEvents } from '../../src/audit/retention.ts';
import { anonymous } from '../../src/principal.ts';
import { onEachDatabase } from '../support/databases.ts';
import { administration, denial, openProcesses, principalOf, rows } from './processes.ts';

onEachDatabase((database) => {
  describe('retention', () => {
    const days = 24 * 60 * 60_000;

    it('deletes an event when it is older than 90 days', async (t) => {
      const { recorder, store, clock } = await openProcesses(database, t);
      for (let index = 0; index < 1_200; index += 1) recorder.count({ ...denial, clientId: String(index % 600) });
      await recorder.write(administration);
      await recorder.flush();
      assert.equal(await sweepAuditEvents(store, clock.now + 90 * days), 0);
      clock.now += 1;
      await recorder.write({ ...administration, detail: 'later' });
      assert.equal(await sweepAuditEvents(store, clock.now + 90 * days), 601);
      assert.deepEqual(
        (await rows(store)).map(({ detail }) => detail),
        ['later'],
      );
    });

    it('deletes the oldest events of a type beyond its limit, and no others', async (t) => {
      const { recorder, store, clock } = await openProcesses(database, t);
      await recorder.write(administration);
      for (let index = 0; index < 20; index += 1) await recorder.write({ ...denial, detail: String(index) });
      assert.equal(await sweepAuditEvents(store, clock.now, 10), 10);
      const left = await rows(store);
      assert.deepEqual(
        left.map(({ type, detail }) => (type === 'denial' ? detail : type)),
        ['19', '18', '17', '16', '15', '14', '13', '12', '11', '10', 'administration'],
      );
      assert.equal(await sweepAuditEvents(store, clock.now, 10), 0);
    });

    it('F-5 a flood of shadow denials displaces no other type, and without an account none of an account', async (t) => {
      const { recorder, store, clock } = await openProcesses(database, t);
      const shadow = {
        mode: 'shadow',
        coordinate: 'Query.orders',
        rule: 'Query.orders',
        source: '@auth',
        code: 'UNAUTHENTICATED',
      } as const;
      await recorder.write(administration);
      await recorder.write(denial);
      recorder.denied({ ...shadow, principal: principalOf('web') });
      await recorder.flush();
      for (let round = 0; round < 20; round += 1) {
        for (let index = 0; index < 500; index += 1) recorder.denied({ ...shadow, principal: anonymous });
        await recorder.flush();
      }
      assert.equal((await rows(store)).length, 23, 'equal denials of one window are one row');
      assert.equal(await sweepAuditEvents(store, clock.now, 5), 15);
      assert.deepEqual(
        (await rows(store)).map(({ type, accountId, count }) => `${type} ${accountId} ${count}`),
        [
          ...Array.from({ length: 5 }, () => 'shadow_denial null 500'),
          'shadow_denial ada 1',
          'denial ada 1',
          'administration ada 1',
        ],
      );
    });

    it('F-5 anonymous callers displace no denial and no failed sign-in of an account or of a client', async (t) => {
      const { recorder, store, clock } = await openProcesses(database, t);
      const signInFailed = { ...denial, type: 'sign_in_failed', outcome: 'failed', coordinate: null } as const;
      for (const fact of [denial, signInFailed]) {
        await recorder.write(fact);
        await recorder.write({ ...fact, accountId: null });
      }
      for (let index = 0; index < 20; index += 1) {
        const detail = String(index);
        await recorder.write({ ...denial, accountId: null, clientId: null, detail });
        // The sign-in page names the client, and the address is of no account.
        await recorder.write({ ...signInFailed, accountId: null, detail });
      }
      assert.equal(await sweepAuditEvents(store, clock.now, 5), 15 + 16);
      assert.deepEqual(
        (await rows(store))
          .map(({ type, accountId, clientId, detail }) => [type, accountId, clientId, detail].join(' '))
          .toSorted(),
        [
          ...['15', '16', '17', '18', '19'].map((detail) => `denial   ${detail}`),
          `denial  web ${denial.detail}`,
          `denial ada web ${denial.detail}`,
          ...['15', '16', '17', '18', '19'].map((detail) => `sign_in_failed  web ${detail}`),
          `sign_in_failed ada web ${denial.detail}`,
        ],
      );
    });

    it('F-5 a flood over many coordinates does not hide who else was denied in the same window', async (t) => {
      const { recorder, store } = await openProcesses(database, t);
      for (const mode of ['enforce', 'shadow'] as const) {
        for (let index = 0; index < 3_000; index += 1) {
          const coordinate = `Query.f${index}`;
          recorder.denied({ mode, coordinate, source: '@auth', code: 'UNAUTHENTICATED', principal: anonymous });
        }
        const denied = { mode, coordinate: 'Query.orders', source: '@auth', code: 'FORBIDDEN' };
        recorder.denied({ ...denied, principal: principalOf('web') });
        recorder.denied({ ...denied, principal: { ...principalOf('job'), kind: 'application' } });
      }
      assert.equal(recorder.pending, 2 * (1_001 + 2));
      await recorder.flush();
      assert.deepEqual(
        (await rows(store))
          .flatMap(({ type, coordinate, accountId, clientId }) =>
            clientId === null ? [] : [[type, coordinate, accountId, clientId].join(' ')],
          )
          .toSorted(),
        [
          'denial Query.orders  job',
          'denial Query.orders ada web',
          'shadow_denial Query.orders  job',
          'shadow_denial Query.orders ada web',
        ],
      );
    });

    it('F-5 shadow denials of any number of clients are a bounded number of rows in a window', async (t) => {
      const { recorder, store } = await openProcesses(database, t);
      for (let index = 0; index < 3_000; index += 1) {
        const principal = principalOf(`client ${index}`);
        recorder.denied({ mode: 'shadow', coordinate: 'Query.a', source: '@auth', code: 'FORBIDDEN', principal });
      }
      recorder.count(denial);
      assert.equal(recorder.pending, 1_002);
      await recorder.flush();
      const all = await rows(store);
      assert.deepEqual(
        all.filter(({ type }) => type === 'shadow_denial').reduce((sum, { count }) => sum + count, 0),
        3_000,
      );
      assert.equal(all.filter(({ type }) => type === 'denial').length, 1);
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sweepAuditEvents } from '../../src/audit/retention.ts';
import { onEachDatabase } from '../support/databases.ts';
import { administration, denial, openProcesses, rows } from './processes.ts';

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
  });
});

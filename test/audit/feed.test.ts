import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onEachDatabase } from '../support/databases.ts';
import { until } from '../support/process.ts';
import { denial, openProcesses } from './processes.ts';

onEachDatabase((database) => {
  describe('the feed', () => {
    it('delivers the events of this process immediately, in order, each once', async (t) => {
      const { recorder, feed } = await openProcesses(database, t);
      await recorder.write({ ...denial, detail: 'before' });
      const events = await feed.follow();
      const first = events.next();
      for (const detail of ['1', '2', '3']) await recorder.write({ ...denial, detail });
      const three = [await first, await events.next(), await events.next()];
      assert.deepEqual(
        three.map(({ value }) => value.detail),
        ['1', '2', '3'],
      );
      await events.return?.();
    });

    it('delivers the events of another process within a second', async (t) => {
      const { processes } = await openProcesses(database, t, 2);
      const [here, there] = processes;
      if (!here || !there) throw new Error('no processes');
      const events = await here.feed.follow();
      const next = events.next();
      await there.recorder.write(denial);
      here.second();
      const { value } = await next;
      assert.equal(value.coordinate, 'Query.orders');
      await events.return?.();
    });

    it('delivers an event that is written while a follower reads', async (t) => {
      const { feed, heard, processes } = await openProcesses(database, t, 2);
      const [, other] = processes;
      const events = await feed.follow();
      const reads: string[] = [];
      heard.onStatement = (sql) => {
        if (reads.push(sql) > 1) return;
        // The first query has ended and found nothing. The follower has not received its result yet.
        void other?.recorder.write(denial).then(feed.wake);
      };
      const next = events.next();
      await until(() => reads.length === 2);
      assert.equal((await next).value.id, '1');
      await events.return?.();
    });

    it('uses one clock for all followers, and none without followers', async (t) => {
      const { feed, everySecond } = await openProcesses(database, t);
      assert.equal(everySecond.size, 0);
      const [one, two] = [await feed.follow(), await feed.follow()];
      assert.equal(everySecond.size, 1);
      await one.return?.();
      assert.equal(everySecond.size, 1);
      await two.return?.();
      assert.equal(everySecond.size, 0);
      const again = await feed.follow();
      assert.equal(everySecond.size, 1);
      await again.return?.();
    });

    it('delivers every event to a follower that reads slowly', async (t) => {
      const { recorder, feed } = await openProcesses(database, t);
      const [slow, quick] = [await feed.follow(), await feed.follow()];
      for (let index = 0; index < 950; index += 1) recorder.count({ ...denial, detail: String(index) });
      await recorder.flush();
      for (const events of [quick, slow]) {
        for (let index = 0; index < 950; index += 1) assert.equal((await events.next()).value.detail, String(index));
        await events.return?.();
      }
    });

    it('delivers two events to two pending calls of next()', async (t) => {
      const { recorder, feed } = await openProcesses(database, t);
      const events = await feed.follow();
      const asked = [events.next(), events.next()];
      await recorder.write({ ...denial, detail: '1' });
      await recorder.write({ ...denial, detail: '2' });
      assert.deepEqual(
        (await Promise.all(asked)).map(({ value }) => value.detail),
        ['1', '2'],
      );
      await events.return?.();
    });

    it('ends a follower at once when its reader returns while it waits', async (t) => {
      const { feed } = await openProcesses(database, t);
      const events = await feed.follow();
      const waiting = events.next();
      await events.return?.();
      assert.deepEqual(await waiting, { done: true, value: undefined });
      assert.deepEqual(await events.next(), { done: true, value: undefined });
    });

    it('ends all followers when it closes, and later ones at once', async (t) => {
      const { feed, everySecond } = await openProcesses(database, t);
      const waiting = (await feed.follow()).next();
      feed.close();
      assert.equal((await waiting).done, true);
      assert.equal((await (await feed.follow()).next()).done, true);
      assert.equal(everySecond.size, 0);
    });

    it('ends a follower with the error when the table cannot be read, and stops the clock', async (t) => {
      const { feed, recorder, store, second, faults, everySecond } = await openProcesses(database, t);
      const events = await feed.follow();
      await store.schema.dropTable('audit_events').execute();
      second();
      await until(() => faults.length === 1);
      second();
      await recorder.write(denial).catch(() => {});
      assert.equal(faults.length, 1, 'an outage is reported once');
      await assert.rejects(events.next(), /no such table|does not exist/);
      assert.equal(everySecond.size, 0);
    });
  });
});

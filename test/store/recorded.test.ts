import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../../src/store/database.ts';
import { readRecordedRequests } from '../../src/store/recorded/read.ts';
import { sweepRecordedRequests } from '../../src/store/recorded/sweep.ts';
import { type CountedRequests, type RequestBatch, writeRecordedRequests } from '../../src/store/recorded/write.ts';
import type { Store } from '../../src/store/tables.ts';
import { onEachDatabase, type TestDatabase } from '../support/databases.ts';

const dayMs = 24 * 60 * 60_000;
const bounds = { maxRows: 100, maxBytes: 10_000_000 };

function requests(
  name: string,
  count: number,
  {
    clientId = 'web',
    caller = 'caller',
    size = 20,
  }: { clientId?: string | null; caller?: string | null; size?: number } = {},
): CountedRequests {
  return {
    shape: { id: `shape ${name}`, operationName: name, document: `{${'a'.repeat(size)}}` },
    caller: caller === null ? null : { id: caller, keyName: 'key', facts: '{}' },
    clientId,
    count,
  };
}

const batch = (all: readonly CountedRequests[], day = 20_000): RequestBatch => ({
  day,
  requests: all,
  unrecorded: new Map(),
});

onEachDatabase((kind) => {
  describe('recorded requests', () => {
    let database: TestDatabase;
    let store: Store;
    before(async () => {
      database = await kind.create();
      store = await openDatabase(database.url);
    });
    after(async () => {
      await store.destroy();
      await database.drop();
    });
    beforeEach(async () => {
      for (const table of ['recorded_requests', 'recorded_shapes', 'recorded_callers', 'unrecorded_requests'])
        await sql`delete from ${sql.table(table)}`.execute(store);
    });

    const sizes = async () => {
      const { requests: rows, shapes, callers, unrecorded } = await readRecordedRequests(store);
      return {
        rows: rows.length,
        shapes: shapes.size,
        callers: callers.size,
        displaced: unrecorded.get('displaced') ?? 0,
      };
    };

    it('adds up equal requests of one day, also of processes that write at the same time', async () => {
      const others = await openDatabase(database.url);
      await Promise.all(
        [store, others, store, others].map((one) =>
          writeRecordedRequests(
            one,
            batch([requests('A', 3), requests('B', 1, { caller: null, clientId: null })]),
            bounds,
          ),
        ),
      );
      await others.destroy();
      const { requests: rows } = await readRecordedRequests(store);
      assert.deepEqual(
        rows.map(({ shapeId, callerId, clientId, count }) => [shapeId, callerId, clientId, count]),
        [
          ['shape A', 'caller', 'web', 12],
          ['shape B', null, null, 4],
        ],
      );
    });

    it('keeps the rows with the most requests, and counts the requests of the others', async () => {
      const often = Array.from({ length: 40 }, (_, at) => requests(`often ${at}`, 5));
      await writeRecordedRequests(store, batch(often), bounds);
      for (let round = 0; round < 3; round += 1) {
        const flood = Array.from({ length: 300 }, (_, at) =>
          requests(`once ${round} ${at}`, 1, { clientId: `c${at % 10}` }),
        );
        await writeRecordedRequests(store, batch(flood), bounds);
      }
      const { rows, shapes, displaced } = await sizes();
      assert.deepEqual([rows, shapes, displaced], [100, 100, 900 - 60]);
      const { shapes: kept } = await readRecordedRequests(store);
      for (const { shape } of often) assert.ok(kept.has(shape.id));
    });

    it('never lets one client, or all callers without a token, displace the requests of the others', async () => {
      const ofWeb = Array.from({ length: 45 }, (_, at) => requests(`web ${at}`, 1));
      await writeRecordedRequests(store, batch(ofWeb), bounds);
      const flood = (clientId: string | null, caller: string | null) =>
        Array.from({ length: 200 }, (_, at) => requests(`${clientId} ${at}`, 9, { clientId, caller }));
      await writeRecordedRequests(store, batch(flood(null, null)), bounds);
      const { requests: rows } = await readRecordedRequests(store);
      assert.equal(rows.filter(({ clientId }) => clientId === 'web').length, 45);
      assert.equal(rows.filter(({ callerId }) => callerId === null).length, 50);
    });

    it('never lets one client, or all callers without a token, fill the size with large operations', async () => {
      const ofWeb = Array.from({ length: 20 }, (_, at) => requests(`web ${at}`, 1));
      await writeRecordedRequests(store, batch(ofWeb), bounds);
      for (const flood of [
        { clientId: null, caller: null, size: 16_000 },
        { clientId: 'flood', size: 16_000 },
      ]) {
        const large = Array.from({ length: 40 }, (_, at) => requests(`${flood.clientId} ${at}`, 9, flood));
        await writeRecordedRequests(store, batch(large), { maxRows: 100, maxBytes: 500_000 });
      }
      const { requests: rows } = await readRecordedRequests(store);
      const countOf = (wanted: string | null) => rows.filter(({ clientId }) => clientId === wanted).length;
      assert.deepEqual([countOf(null), countOf('flood')], [15, 15]);
      assert.ok(countOf('web') > 0, String(countOf('web')));
    });

    it('has at most the stated size', async () => {
      const large = Array.from({ length: 90 }, (_, at) =>
        requests(`large ${at}`, 1, { size: 16_000, clientId: `c${at % 9}` }),
      );
      await writeRecordedRequests(store, batch(large), { maxRows: 100, maxBytes: 500_000 });
      const { shapes } = await readRecordedRequests(store);
      const bytes = [...shapes.values()].reduce((sum, { document }) => sum + document.length, 0);
      assert.ok(bytes <= 500_000 && bytes > 400_000, String(bytes));
    });

    it('deletes days that are too long ago, with their shapes and callers', async () => {
      await writeRecordedRequests(store, batch([requests('old', 1, { caller: 'old' })], 20_000), bounds);
      await writeRecordedRequests(store, batch([requests('new', 1)], 20_001), bounds);
      await store.insertInto('unrecorded_requests').values({ day: 20_000, reason: 'too many', count: 5 }).execute();
      assert.equal(await sweepRecordedRequests(store, 20_006 * dayMs, 7), 0);
      assert.equal(await sweepRecordedRequests(store, 20_007 * dayMs, 7), 1);
      const { shapes, callers, unrecorded } = await readRecordedRequests(store);
      assert.deepEqual([[...shapes.keys()], [...callers.keys()], [...unrecorded]], [['shape new'], ['caller'], []]);
    });

    it('does not lose a shape that one process adds while another deletes it', async () => {
      const others = await openDatabase(database.url);
      const tight = { maxRows: 100, maxBytes: 3_000 };
      await Promise.all(
        Array.from({ length: 12 }, (_, at) =>
          writeRecordedRequests(
            at % 2 === 0 ? store : others,
            batch([requests('A', 9), requests(`B ${at}`, 1, { size: 900 })]),
            tight,
          ),
        ),
      );
      await others.destroy();
      const { requests: rows, shapes, callers } = await readRecordedRequests(store);
      for (const { shapeId, callerId } of rows) assert.ok(shapes.has(shapeId) && callers.has(callerId ?? ''));
      assert.equal(rows.find(({ shapeId }) => shapeId === 'shape A')?.count, 12 * 9);
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { auditTypes } from '../../src/audit/event-types.ts';
import { type ActivityAnswer, createCounts } from '../../src/explorer/client/activity/data/counts.ts';
import { asCsv, asJson } from '../../src/explorer/client/activity/data/download.ts';
import type { AuditEvent } from '../../src/explorer/client/activity/data/event.ts';
import { fragmentOf, readFilters } from '../../src/explorer/client/activity/data/filters.ts';
import { ranges, spanAt } from '../../src/explorer/client/activity/data/ranges.ts';
import { countsOf, groups } from '../../src/explorer/client/activity/data/series.ts';
import { summaryOf } from '../../src/explorer/client/activity/data/summary.ts';
import { eventTypes } from '../../src/explorer/client/activity/data/types.ts';
import { identityNames } from '../../src/explorer/documents/identity-names.ts';
import { createReader } from '../../src/explorer/client/activity/live/state.ts';
import type { EventPage, Trail } from '../../src/explorer/client/activity/live/trail.ts';
import { ownNames } from '../../src/api/names/own-names.ts';

const minute = 60_000;
const now = Date.UTC(2026, 0, 31, 12, 0, 30);
const idOf = (number: number) => Buffer.from(`AuditEvent:${number}`).toString('base64url');

function eventOf(number: number, changes: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: idOf(number),
    at: new Date(now).toISOString(),
    count: 1,
    type: 'DENIAL',
    outcome: 'DENIED',
    coordinate: 'Query.orders',
    rule: 'Order',
    clientId: 'web',
    detail: null,
    ...changes,
  };
}

const answer: ActivityAnswer = {
  latest: idOf(7),
  types: [
    {
      type: 'DENIAL',
      counts: Array.from({ length: 60 }, (_, index) => (index === 58 ? 4 : 0)),
      coordinates: [{ value: 'Query.orders', count: 4 }],
      rules: [],
      clients: [],
    },
  ],
};

describe('the activity page: the counts', () => {
  it('add only later events, in their part of the range', () => {
    const counts = createCounts(answer, spanAt(ranges[0], now));
    assert.equal(counts.add(eventOf(7)), false, 'the answer counts it already');
    assert.equal(counts.add(eventOf(8, { at: new Date(now - 61 * minute).toISOString() })), false, 'before the range');
    assert.equal(counts.add(eventOf(9, { count: 3 })), true);
    assert.equal(counts.add(eventOf(10, { type: 'SHADOW_DENIAL', at: 'not a time' })), false);
    assert.deepEqual(counts.of('DENIAL').slice(-2), [4, 3]);
    assert.equal(counts.values('coordinates').get('Query.orders')?.get('DENIAL'), 7);
  });

  it('move with the time, and keep their size', () => {
    const counts = createCounts(answer, spanAt(ranges[0], now));
    assert.equal(counts.moveTo(now), 0);
    assert.equal(counts.moveTo(now + 2 * minute), 2);
    assert.deepEqual(counts.of('DENIAL').slice(-5), [0, 4, 0, 0, 0]);
    assert.equal(counts.of('DENIAL').length, 60);
    assert.equal(counts.span().until, spanAt(ranges[0], now + 2 * minute).until);
    counts.moveTo(now + 1_000 * minute);
    assert.equal(Math.max(...counts.of('DENIAL')), 0);
  });

  it('are bounded for any number of clients', () => {
    const counts = createCounts(answer, spanAt(ranges[0], now));
    for (let number = 8; number < 5_000; number += 1) counts.add(eventOf(number, { clientId: `client ${number}` }));
    assert.equal(counts.values('clients').size, 500);
  });

  it('every type of event is in the menu, and in exactly one series', () => {
    assert.deepEqual(
      eventTypes.toSorted(),
      auditTypes.map((type) => type.toUpperCase()).toSorted() as unknown as typeof eventTypes,
    );
    const counts = createCounts(
      { latest: null, types: eventTypes.map((type) => ({ ...answer.types[0], type }) as (typeof answer.types)[0]) },
      spanAt(ranges[0], now),
    );
    const total = groups
      .flatMap(({ series }) => series.flatMap((one) => countsOf(one, counts)))
      .reduce((sum, count) => sum + count, 0);
    assert.equal(total, 4 * eventTypes.length);
  });

  it('have a summary in words, and say what will appear if there is none', () => {
    const [denials] = groups;
    if (!denials) throw new Error('no group');
    const span = spanAt(ranges[0], now);
    assert.match(summaryOf(denials, createCounts(answer, span)), /^4 denials, from \d\d:\d\d\.$/);
    assert.equal(summaryOf(denials, createCounts({ latest: null, types: [] }, span)), denials.empty);
  });
});

describe('the activity page: filters', () => {
  it('are kept in the fragment, and hostile fragments count as absent', () => {
    const filters = { ...readFilters(''), range: ranges[2], coordinate: 'Query.a&b=#', view: 'table' } as const;
    assert.deepEqual(readFilters(`#${fragmentOf(filters)}`), filters);
    assert.equal(fragmentOf(readFilters('')), '');
    const odd = readFilters(`#range=1y&type=<script>&view=x&client=${'c'.repeat(10_000)}`);
    assert.deepEqual([odd.range.id, odd.type, odd.view, odd.client.length], ['24h', '', 'chart', 300]);
  });

  it('use the names that the identity API has with a prefix', () => {
    for (const prefix of ['', 'Claimgate', 'x']) {
      const own = ownNames({ prefix }, { keepsNode: false, hasRecords: true });
      const names = identityNames(prefix);
      assert.equal(names.field('auditActivity'), own.field('auditActivity'));
      assert.equal(names.type('AuditEventType'), own.type('AuditEventType'));
    }
  });
});

describe('the activity page: downloads', () => {
  it('are CSV without formulas, and JSON', () => {
    const counts = createCounts(answer, spanAt(ranges[0], now));
    counts.add(eventOf(8, { clientId: '=HYPERLINK("http://evil.example")', coordinate: 'a,b\n"c"' }));
    const shown = { filters: readFilters('#range=1h'), counts, events: [eventOf(8)] };
    const csv = asCsv(shown);
    assert.match(
      csv,
      /^by,from,to,value,type,count\r\ntime,2026-01-31T11:59:00.000Z,2026-01-31T12:00:00.000Z,,DENIAL,4\r\n/,
    );
    assert.match(csv, /,"'=HYPERLINK\(""http:\/\/evil.example""\)",DENIAL,1\r\n/);
    assert.match(csv, /,"a,b\n""c""",DENIAL,1\r\n/);
    for (const value of ['\n=1', ' =1', '\uff1d1', '\t1', '@a', '-1', '+1', '\r=1']) {
      const one = createCounts(answer, spanAt(ranges[0], now));
      one.add(eventOf(9, { clientId: value }));
      assert.match(asCsv({ ...shown, counts: one }), new RegExp(`,"?'${RegExp.escape(value)}"?,DENIAL,1\r\n`), value);
    }
    const json = JSON.parse(asJson(shown));
    assert.deepEqual([json.range, json.types[0].counts.at(-1), json.events.length], ['1h', 1, 1]);
  });
});

/** A trail whose answers a test gives. */
function openReader() {
  /** `activity`, or the cursor of a page of events. */
  const asked: string[] = [];
  const answers: ((answer: { activity: ActivityAnswer; events: EventPage }) => void)[] = [];
  const page = (nodes: readonly AuditEvent[], endCursor: string | null = null): EventPage => ({
    nodes,
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
  });
  const trail: Trail = {
    activity() {
      asked.push('activity');
      const { promise, resolve } = Promise.withResolvers<{ activity: ActivityAnswer; events: EventPage }>();
      answers.push(resolve);
      return promise;
    },
    async events(_filters, after) {
      asked.push(after ?? 'latest');
      return page([eventOf(1)], 'further');
    },
  };
  const reader = createReader({ trail, now: () => now, onChange: () => {}, onRefused: () => {} });
  const give = async (latest: number) => {
    answers.shift()?.({ activity: { ...answer, latest: idOf(latest) }, events: page([eventOf(latest)], 'older') });
    await setImmediate();
  };
  return { reader, asked, give, filters: readFilters('#range=1h') };
}

describe('the activity page: later events', () => {
  it('that arrive during a reading are added after it, once', async () => {
    const { reader, give, filters } = openReader();
    reader.load(filters);
    for (const number of [6, 7, 8, 9]) reader.add(eventOf(number));
    await give(7);
    reader.add(eventOf(9));
    reader.add(eventOf(10));
    const { counts, events, isLoading } = reader.now();
    assert.equal(isLoading, false);
    assert.equal(counts?.of('DENIAL').at(-1), 3);
    assert.deepEqual(
      events.map(({ id }) => id),
      [10, 9, 8, 7].map(idOf),
    );
  });

  it('of which one was missed make the page read again', async () => {
    const { reader, asked, give, filters } = openReader();
    reader.load(filters);
    await give(7);
    reader.add(eventOf(9));
    assert.deepEqual(asked, ['activity', 'activity']);
    await give(9);
    assert.equal(reader.now().counts?.of('DENIAL').at(-1), 0, 'the answer counts them');
  });

  it('of a flood keep the memory bounded', async () => {
    const { reader, asked, give, filters } = openReader();
    reader.load(filters);
    for (let number = 8; number < 5_000; number += 1) reader.add(eventOf(number));
    await give(7);
    assert.deepEqual(asked, ['activity', 'activity'], 'too many waited, so it reads again');
    await give(4_999);
    for (let number = 5_000; number < 6_000; number += 1) reader.add(eventOf(number));
    assert.equal(reader.now().events.length, 100);
    reader.page('older');
    await setImmediate();
    assert.deepEqual(asked.slice(2), ['latest', 'further']);
  });

  it('are not added to a page of older events', async () => {
    const { reader, asked, give, filters } = openReader();
    reader.load(filters);
    await give(7);
    reader.page('older');
    await setImmediate();
    assert.equal(asked.at(-1), 'older');
    reader.add(eventOf(8));
    assert.deepEqual(
      reader.now().events.map(({ id }) => id),
      [idOf(1)],
    );
    assert.equal(reader.now().counts?.of('DENIAL').at(-1), 1);
  });
});

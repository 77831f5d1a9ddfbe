import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createCallerHash } from '../../../src/auth/recorded/hash.ts';
import { recordedTraffic } from '../../../src/cli/ask/recorded.ts';
import { createRecording, type Recording } from '../../../src/server/replay/recording.ts';
import { openDatabase } from '../../../src/store/database.ts';
import type { Store } from '../../../src/store/tables.ts';
import { type Kind, type Replay, replayOf } from '../../../src/tools/replay/replay.ts';
import type { Traffic } from '../../../src/tools/replay/traffic.ts';
import { sourceOfSdl } from '../../../src/tools/source/sdl.ts';
import { onEachDatabase, type TestDatabase } from '../../support/databases.ts';
import { type LaneServer, startLaneServer } from '../../support/lane/server.ts';
import { tokenFor } from '../../support/lane/tokens.ts';
import { openSocket } from '../../support/socket.ts';
import { ages, callers, guardedOf, operations, present, proposed, sdlOf } from './shop.ts';

const key = Buffer.alloc(32, 7);
const replay = { retentionDays: 7, maxRows: 10_000, claims: [] };

/** Returns the paths of an answer that have a value. */
function valuesIn(value: unknown, path = ''): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '__typename' ? [] : valuesIn(member, `${path}/${name}`),
  );
}

function tokenOf(client: string): string | null {
  const caller = callers[client];
  if (!caller) return null;
  const age = ages[client];
  const at = age === undefined ? {} : { auth_time: Math.floor(Date.now() / 1_000) - age };
  return tokenFor(caller, { client_id: client, ...at, ...(caller.kind === 'application' && { sub: client }) });
}

async function ask(server: LaneServer, client: string, name: string): Promise<ReadonlySet<string>> {
  const token = tokenOf(client);
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ ...operations[name], operationName: name }),
  });
  const body = (await response.json()) as { readonly data?: unknown; readonly errors?: readonly { message: string }[] };
  const codes = (body.errors ?? []).map((error: any) => error.extensions?.code);
  assert.ok(!codes.includes('GRAPHQL_VALIDATION_FAILED'), JSON.stringify(body));
  return new Set(valuesIn(body.data));
}

const pairs = Object.keys(callers).flatMap((client) => Object.keys(operations).map((name) => [client, name] as const));

async function askAll(server: LaneServer, times: number): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const answers = new Map<string, ReadonlySet<string>>();
  for (const [client, name] of pairs) {
    for (let time = 0; time < times; time += 1) answers.set(`${client} ${name}`, await ask(server, client, name));
  }
  return answers;
}

onEachDatabase((kind) => {
  describe('claimgate replay, and what then happens', () => {
    let database: TestDatabase;
    let store: Store;
    let recording: Recording | null = null;
    let traffic: Traffic;
    let forecast: Replay;
    let answers: Readonly<Record<'before' | 'after', ReadonlyMap<string, ReadonlySet<string>>>>;
    before(async () => {
      database = await kind.create();
      store = await openDatabase(database.url);
      const guarded = guardedOf(present);
      const old = await startLaneServer({
        guarded,
        lane: true,
        recording: (parts) => {
          recording = createRecording({ replay, encryptionKeys: [key] }, guarded, { ...parts, store });
          return recording;
        },
      });
      const before = await askAll(old, 2);
      // Subscriptions count when they start.
      const token = tokenOf('reader');
      const socket = await openSocket(`http://127.0.0.1:${old.port}`, { init: { authorization: `Bearer ${token}` } });
      socket.subscribe('1', 'subscription Watch { watched }');
      await socket.wait(({ type }) => type === 'complete');
      socket.socket.close();
      await old.close();
      await recording!.close();
      traffic = await recordedTraffic({ databaseUrl: database.url, replay });
      const recent = await startLaneServer({ guarded: guardedOf(proposed), lane: true });
      answers = { before, after: await askAll(recent, 1) };
      await recent.close();
      const source = (name: string, rules: typeof present) => sourceOfSdl(name, [{ name, text: sdlOf(rules) }]);
      forecast = replayOf({ before: source('present', present), after: source('proposed', proposed) }, traffic, {
        hashes: [createCallerHash(key)],
        strict: false,
        now: Date.now(),
      });
    });
    after(async () => {
      await store.destroy();
      await database.drop();
    });

    const kindsOf = (client: string, name: string): readonly Kind[] =>
      forecast.findings
        .filter((one) => (one.clientId ?? 'none') === client && one.shape.name === name)
        .map((one) => one.kind);

    it('counts each request one time, in the lane and outside of it', () => {
      assert.equal(forecast.requests, pairs.length * 2 + 1);
      for (const [client, name] of pairs) {
        const rows = traffic.rows.filter((row) => (row.clientId ?? 'none') === client && row.shape.name === name);
        assert.equal(
          rows.reduce((sum, row) => sum + row.requests, 0),
          2,
          `${client} ${name}`,
        );
      }
    });

    it('forecasts what then happens, for every caller and operation', () => {
      let certain = 0;
      for (const [client, name] of pairs) {
        const label = `${client} ${name}`;
        const [old, now] = [answers.before.get(label), answers.after.get(label)];
        const gone = old!.difference(now!);
        const added = now!.difference(old!);
        const kinds = kindsOf(client, name);
        if (kinds.includes('depends') || kinds.includes('unknown')) continue;
        assert.equal(kinds.includes('denied'), gone.size > 0, `${label}: ${kinds.join()}; gone ${[...gone].join()}`);
        assert.equal(kinds.includes('let in'), added.size > 0, `${label}: ${kinds.join()}; added ${[...added].join()}`);
        certain += 1;
      }
      assert.ok(certain > pairs.length * 0.85, `${certain} of ${pairs.length}`);
    });

    it('leaves to *depends* only what an owner, a policy, a variable or a type decides', () => {
      const open = pairs.filter(([client, name]) => kindsOf(client, name).some((kind) => kind === 'depends'));
      assert.deepEqual([...new Set(open.map(([, name]) => name))].toSorted(), [
        'Checked',
        'Owned',
        'PaymentOfOrder',
        'Payments',
        'Variable',
      ]);
      assert.ok(!forecast.findings.some(({ kind }) => kind === 'unknown' || kind === 'invalid'));
    });

    it('has a subscription for each start', () => {
      const found = forecast.findings.filter(({ shape }) => shape.name === 'Watch');
      assert.deepEqual(
        found.map((one) => [one.kind, one.clientId, one.requests]),
        [['denied', 'reader', 1]],
      );
    });

    it('stores no value of a request and no claim in clear', async () => {
      const tables = ['recorded_shapes', 'recorded_callers', 'recorded_requests', 'unrecorded_requests'] as const;
      const text = JSON.stringify(
        await Promise.all(tables.map((table) => store.selectFrom(table).selectAll().execute())),
      );
      for (const secret of [
        'personal',
        'alice',
        'acme',
        'globex',
        'clerk',
        'urn:mfa',
        'orders:read',
        '2026-01',
        'tenant"',
      ])
        assert.ok(!text.includes(secret), secret);
    });
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { operationSteps } from '../../../src/api/operation/operation.ts';
import { createRecording, type Recording } from '../../../src/server/replay/recording.ts';
import { createLogger } from '../../../src/observe/log.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { sourceOfServer } from '../../../src/tools/source/server.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { readRecordedRequests } from '../../../src/store/recorded/read.ts';
import type { Store } from '../../../src/store/tables.ts';
import { claimgate } from '../../support/cli.ts';
import { onDatabase, type TestDatabase } from '../../support/databases.ts';
import { type LaneServer, startLaneServer } from '../../support/lane/server.ts';
import { tokenFor } from '../../support/lane/tokens.ts';
import { startTestServer } from '../../support/server.ts';
import { openSocket } from '../../support/socket.ts';
import { policy } from '../../api/fixture.ts';
import { configWith, ids, writeManifests } from '../../http/trusted/support.ts';
import { guardedOf, present } from './shop.ts';

const replay = { retentionDays: 7, maxRows: 10_000, claims: [] };
const encryptionKeys: [Buffer] = [Buffer.alloc(32, 9)];
const token = tokenFor({ scopes: ['orders:read', 'watch'] });

onDatabase('SQLite', (kind) => {
  describe('what counts as a request for claimgate replay', () => {
    let database: TestDatabase;
    let store: Store;
    let recording: Recording | null = null;
    let server: LaneServer;
    before(async () => {
      database = await kind.create();
      store = await openDatabase(database.url);
      const guarded = guardedOf(present);
      server = await startLaneServer({
        guarded,
        lane: true,
        recording: (parts) => (recording = createRecording({ replay, encryptionKeys }, guarded, { ...parts, store })),
      });
    });
    after(async () => {
      await server.close();
      await store.destroy();
      await database.drop();
    });

    const send = async (body: object, headers: Record<string, string> = {}): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      return response.text();
    };

    /** Returns how often each operation was counted since the last call. */
    const counted = async (): Promise<Readonly<Record<string, number>>> => {
      await recording!.flush();
      const { requests, shapes } = await readRecordedRequests(store);
      await store.deleteFrom('recorded_requests').execute();
      const all: Record<string, number> = {};
      for (const { shapeId, count } of requests) {
        const name = shapes.get(shapeId)?.operationName ?? 'without a name';
        all[name] = (all[name] ?? 0) + count;
      }
      return all;
    };

    it('each valid operation counts one time: POST, the lane, GET, WebSocket, server-sent events', async () => {
      for (let time = 0; time < 3; time += 1) await send({ query: 'query Post { open }' });
      const query = new URLSearchParams({ query: 'query Get { open }' }).toString();
      const url = `http://127.0.0.1:${server.port}/graphql?${query}`;
      assert.match(await (await fetch(url, { headers: { accept: 'application/json' } })).text(), /"open"/);
      const accept = { accept: 'text/event-stream' };
      const authorization = { authorization: `Bearer ${token}` };
      assert.match(await send({ query: 'query Events { open }' }, accept), /event: next/);
      assert.match(
        await send({ query: 'subscription EventWatch { watched }' }, { ...accept, ...authorization }),
        /watched/,
      );
      const socket = await openSocket(`http://127.0.0.1:${server.port}`, {
        init: { authorization: `Bearer ${token}` },
      });
      socket.subscribe('1', 'query Socket { open }');
      socket.subscribe('2', 'subscription SocketWatch { watched }');
      await socket.wait(({ type }) => type === 'complete', 2);
      socket.socket.close();
      assert.deepEqual(await counted(), { Post: 3, Get: 1, Events: 1, EventWatch: 1, Socket: 1, SocketWatch: 1 });
    });

    it('a denied operation counts, and an operation that the lane hands over counts one time', async () => {
      for (let time = 0; time < 2; time += 1) {
        assert.match(await send({ query: 'query Denied { orders { id } }' }), /UNAUTHENTICATED/);
        await send({
          query: 'query Variables($h: Boolean) { open orders(hidden: $h) { id } }',
          variables: { h: true },
        });
        const wrong = {
          query: 'query Variables($h: Boolean) { open orders(hidden: $h) { id } }',
          variables: { h: 'x' },
        };
        assert.match(await send(wrong), /BAD_USER_INPUT/);
      }
      assert.deepEqual(await counted(), { Denied: 2, Variables: 4 });
    });

    it('nothing counts that does not parse, is not valid, exceeds a limit, or has a refused credential', async () => {
      for (const query of [
        'query {',
        '{ gone }',
        'query A { open } query B { open }',
        '{ __schema { queryType { name } } }',
      ])
        await send({ query });
      await send({ query: '{ open }', operationName: 'Gone' });
      assert.match(await send({ query: '{ open }' }, { authorization: 'Bearer x.y.z' }), /INVALID_TOKEN/);
      const deep = `{ orders { ${'payment { __typename '.repeat(300)}${'}'.repeat(300)} } }`;
      await send({ query: deep });
      await send({ query: 'subscription NoStream { watched }' });
      assert.deepEqual(await counted(), {});
    });

    it('nothing is added to a request if it is off', () => {
      const guarded = guardedOf(present);
      const parts = { store, log: createLogger('silent').log, metrics: createMetrics(false) };
      assert.equal(createRecording({ replay: null, encryptionKeys }, guarded, parts), null);
      const steps = operationSteps('single', policy, guarded);
      const checks = createRecording({ replay, encryptionKeys }, guarded, parts)!.steps(steps).checks;
      // The operation counts before the rules decide, so that a denied one counts too.
      assert.deepEqual(checks.toSpliced(-2, 1), steps.checks);
    });

    it('what a database did not take is written later', async () => {
      const document = { query: 'query Later { open }' };
      await send(document);
      await store.schema.alterTable('recorded_requests').renameTo('away').execute();
      await recording!.flush();
      await recording!.flush();
      await store.schema.alterTable('away').renameTo('recorded_requests').execute();
      await send(document);
      assert.deepEqual(await counted(), { Later: 2 });
      const lines = await server.takeLog();
      assert.equal(lines.filter(({ msg }) => msg === 'recorded operations cannot be written').length, 1);
    });
  });

  it('a server records trusted documents, writes what it has when it stops, and needs CLAIMGATE_KEY', async () => {
    const { manifests } = await writeManifests();
    const config = configWith({ manifests, only: true }, 'replay: { maxRows: 500 },');
    await assert.rejects(
      startTestServer({ config }),
      /replay: expected CLAIMGATE_KEY to be set, because recorded values are stored as HMACs under this key/,
    );
    const metricsToken = 'a metrics token of more than 32 characters';
    const database = await kind.create();
    const key = Buffer.alloc(32, 4).toString('base64');
    const env = { CLAIMGATE_KEY: key, DATABASE_URL: database.url, CLAIMGATE_METRICS_TOKEN: metricsToken };
    const server = await startTestServer({ config, env });
    const post = (body: object) =>
      fetch(`${server.own}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    for (let time = 0; time < 3; time += 1) assert.equal((await post({ documentId: ids.hello })).status, 200);
    assert.notEqual((await post({ query: 'query Free { hello }' })).status, 200);
    // What the commands read of a running server is no request of a client.
    await sourceOfServer(`${server.own}/graphql`);
    await server.stop();
    const store = await openDatabase(database.url);
    const { requests, shapes } = await readRecordedRequests(store);
    await store.destroy();
    assert.deepEqual(
      requests.map(({ shapeId, count, clientId }) => [shapes.get(shapeId)?.operationName, count, clientId]),
      [['Hello', 3, null]],
    );
    const found = await claimgate(['replay', 'claimgate.config.mjs'], { cwd: server.folder, env });
    assert.equal(found.code, 0, found.err);
    assert.match(found.out, /^Of 3 requests of [\d-]+, 0 would be denied anew and 0 let in anew\.\n$/);
    await server.dispose();
    await database.drop();
  });
});

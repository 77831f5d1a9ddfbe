import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../../support/process.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { openSocket } from '../../support/socket.ts';
import { configWith, ids, sha256, texts, writeManifests } from './support.ts';

const manifests = await writeManifests();
const path = join(manifests.folder, 'changing.json');
/** Runs until the test ends it. */
const long = 'subscription Long { long }';
const module = `{
  name: 'long',
  typeDefs: 'extend type Subscription { long: Int @public }',
  resolvers: { Subscription: { long: {
    subscribe: async function* () { for (let n = 0; ; n += 1) { yield n; await new Promise((done) => setTimeout(done, 50)); } },
    resolve: (n) => n,
  } } },
}`;
let server: TestServer;

const write = async (documents: Readonly<Record<string, string>>) => {
  await writeFile(`${path}.new`, JSON.stringify(documents));
  await rename(`${path}.new`, path);
};
const post = async (body: object) =>
  (
    await fetch(`${server.own}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).text();
const get = (query: string) =>
  fetch(`${server.own}/graphql?${query}`, { headers: { accept: 'application/graphql-response+json' } });

before(async () => {
  await write({ going: texts.echo, long, staying: texts.hello });
  const config = configWith({ manifests: [path], only: true, maxAgeSeconds: 60 });
  server = await startTestServer({ config: config.replace('modules: [', `modules: [${module}, `) });
});
after(async () => {
  await server?.dispose();
  await rm(manifests.folder, { recursive: true });
});

describe('I17-6 trusted documents under attack', () => {
  it('I17-6 a GET with a parameter two times is refused', async () => {
    assert.equal((await get('documentId=staying')).status, 200);
    for (const query of [
      'documentId=staying&documentId=going',
      'documentId=staying&id=going',
      `documentId=staying&query=${encodeURIComponent(texts.hello)}&query=${encodeURIComponent('{ hello }')}`,
      `documentId=staying&extensions={}&extensions=${encodeURIComponent('{"persistedQuery":{"sha256Hash":"going"}}')}`,
      `query=${encodeURIComponent(texts.hello)}&query=${encodeURIComponent('{ hello }')}`,
    ]) {
      const answer = await get(query);
      assert.equal(answer.status, 400, query);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
    }
  });

  it('I17-6 a batch, a text in another member, and a document in the address of a POST run nothing', async () => {
    for (const [body, code] of [
      [[{ documentId: 'staying' }, { query: '{ hello }' }], 'BAD_REQUEST'],
      [{ query: { documentId: 'staying' } }, 'BAD_REQUEST'],
      [{ documentId: ['staying'] }, 'BAD_REQUEST'],
      [{ documentId: 'staying', extensions: { persistedQuery: { sha256Hash: sha256('{ hello }') } } }, 'BAD_REQUEST'],
      [{ documentId: 'staying', query: `${texts.hello}#` }, 'BAD_REQUEST'],
      [{ documentid: 'staying' }, 'BAD_REQUEST'],
      [{ documentId: 'sha256:sha256:staying' }, 'PERSISTED_QUERY_NOT_IN_LIST'],
    ] as const) {
      for (let time = 0; time < 2; time += 1) assert.match(await post(body), new RegExp(`"code":"${code}"`));
    }
    const { status } = await fetch(`${server.own}/graphql?documentId=staying`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ hello }' }),
    });
    assert.equal(status, 403);
  });

  it('I17-6 a removed document ends for the lane, an open socket and GET, and an open subscription continues', async () => {
    const byId = { documentId: 'going', variables: { text: 'a' } };
    const byText = { query: texts.echo, variables: { text: 'a' } };
    for (let time = 0; time < 3; time += 1) {
      for (const body of [byId, byText])
        assert.equal(await post(body).then((text) => text.trim()), '{"data":{"echo":"a"}}');
    }
    const socket = await openSocket(server.own);
    socket.send({ id: 'long', type: 'subscribe', payload: { documentId: 'long' } });
    socket.send({ id: '1', type: 'subscribe', payload: byId });
    await socket.wait(({ type, id }) => type === 'next' && id === '1');
    await write({ staying: texts.hello, [ids.touch]: texts.touch });
    await until(async () => (await post(byId)).includes('PERSISTED_QUERY_NOT_IN_LIST'), 20_000);
    for (let time = 0; time < 3; time += 1) {
      assert.match(await post(byId), /PERSISTED_QUERY_NOT_IN_LIST/);
      assert.match(await post(byText), /QUERY_NOT_IN_SAFELIST/);
    }
    assert.match(await (await get('documentId=going&variables={"text":"a"}')).text(), /PERSISTED_QUERY_NOT_IN_LIST/);
    socket.send({ id: '2', type: 'subscribe', payload: byId });
    socket.send({ id: '3', type: 'subscribe', payload: byText });
    socket.send({ id: '4', type: 'subscribe', payload: { documentId: 'long' } });
    const errors = await socket.wait(({ type }) => type === 'error', 3);
    assert.deepEqual(
      errors.map((one) => /"code":"(\w+)"/.exec(JSON.stringify(one))?.[1]),
      ['PERSISTED_QUERY_NOT_IN_LIST', 'QUERY_NOT_IN_SAFELIST', 'PERSISTED_QUERY_NOT_IN_LIST'],
    );
    // The subscription that was open before has further events.
    const seen = (await socket.wait(({ type, id }) => type === 'next' && id === 'long')).length;
    await socket.wait(({ type, id }) => type === 'next' && id === 'long', seen + 3);
    socket.socket.terminate();
    assert.match(await post({ id: ids.touch }), /"touch":true/);
  });

  it('I17-6 a hundred changes while requests run show each request the old or the new documents, never none', async () => {
    await write({ staying: texts.hello });
    await until(async () => (await post({ documentId: 'long' })).includes('NOT_IN_LIST'), 20_000);
    let isOver = false;
    const writing = (async () => {
      for (let change = 0; change < 100; change += 1) {
        // A broken manifest in between must not remove the documents.
        if (change % 10 === 5) await writeFile(path, '{"staying":');
        else await write({ staying: texts.hello, [`more${change}`]: texts.echo });
        await new Promise((done) => setTimeout(done, 15));
      }
      isOver = true;
    })();
    while (!isOver) assert.match(await post({ documentId: 'staying' }), /"hello":"hi"/);
    await writing;
    await until(async () => (await post({ documentId: 'more99', variables: { text: 'b' } })).includes('"b"'), 20_000);
  });
});

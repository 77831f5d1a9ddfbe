import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createGuardedSchema } from '../../../src/auth/schema.ts';
import { laneClient } from '../../support/lane/client.ts';
import { close, host, json, sendRaw, write } from '../../support/lane/raw.ts';
import { type LaneServer, startLaneServer } from '../../support/lane/server.ts';

const documents = {
  query: 'query ($run: String!) { begin(run: $run) finish(run: $run) }',
  mutation: 'mutation ($run: String!) { begin(run: $run) finish(run: $run) }',
};

/** How many requests are sent at the same time. */
const atOnce = 32;

/** The resolvers that ran, by the name of the run. */
const ran = new Map<string, string[]>();

function note(run: string, field: string): boolean {
  ran.set(run, [...(ran.get(run) ?? []), field]);
  return true;
}

const fields = {
  begin: (_source: unknown, { run }: { run: string }) => note(run, 'begin'),
  finish: async (_source: unknown, { run }: { run: string }) => {
    await new Promise(setImmediate);
    return note(run, 'finish');
  },
};

/** The runs whose requests were not complete. */
const incomplete = new Set<string>();

let runs = 0;

/** Writes a request with a run of its own. */
function requestFor(query: string, framing: string, isLast = true): { readonly run: string; readonly bytes: Buffer } {
  runs += 1;
  const run = `run ${runs}`;
  const body = JSON.stringify({ query, variables: { run } });
  const lines = [host, json, ...(isLast ? [close] : [])];
  if (framing === 'a length') return { run, bytes: write(body, { lines }) };
  const half = body.length >>> 1;
  const chunks = [body.slice(0, half), body.slice(half), ''].map(
    (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
  );
  return { run, bytes: write(chunks.join(''), { lines, length: null, more: ['transfer-encoding: chunked'] }) };
}

/** Calls a function for each place in a request, for several places at the same time. */
async function atEachByte(length: number, act: (at: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < length; start += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, length - start) }, (_, index) => act(start + index)));
  }
}

describe('a known operation whose request is broken', () => {
  let server: LaneServer;
  before(async () => {
    const typeDefs = ['Query', 'Mutation'].map(
      (type) => `type ${type} { begin(run: String!): Boolean! @public  finish(run: String!): Boolean! @public }`,
    );
    const resolvers = { Query: fields, Mutation: fields };
    const guarded = createGuardedSchema({ modules: [{ name: 'runs', typeDefs: typeDefs.join('\n'), resolvers }] });
    server = await startLaneServer({ guarded, lane: true });
    const client = laneClient(server.port);
    for (const query of Object.values(documents)) {
      await client.send({ body: JSON.stringify({ query, variables: { run: 'the first' } }) });
    }
    client.close();
  });
  after(async () => {
    // The end of the server waits for everything that runs.
    await server.close();
    for (const [run, names] of ran) {
      if (run !== 'the first') assert.deepEqual(names, ['begin', 'finish'], run);
    }
    assert.deepEqual(
      [...incomplete].filter((run) => ran.has(run)),
      [],
    );
  });

  for (const [type, query] of Object.entries(documents)) {
    for (const framing of ['a length', 'chunks']) {
      const { length } = requestFor(query, framing).bytes;

      it(`runs one time if a ${type} with ${framing} arrives in two parts, split at any byte`, async () => {
        const before = await answeredInLane(server);
        await atEachByte(length, async (at) => {
          const { run, bytes } = requestFor(query, framing);
          const answer = await sendRaw(server.port, { parts: [bytes.subarray(0, at), bytes.subarray(at)] });
          assert.match(answer, /^HTTP\/1\.1 200 [^]*"begin":true,"finish":true/, `split at ${at}`);
          assert.deepEqual(ran.get(run), ['begin', 'finish'], `split at ${at}`);
        });
        const answered = (await answeredInLane(server)) - before;
        assert.equal(answered, framing === 'a length' ? length : 0);
      });

      it(`never runs if the client closes a ${type} with ${framing} at any byte but the last`, async () => {
        await atEachByte(length, async (at) => {
          const { run, bytes } = requestFor(query, framing);
          const parts = [bytes.subarray(0, at)];
          incomplete.add(run);
          const answer = await sendRaw(server.port, { parts, closes: true });
          assert.doesNotMatch(answer, /^HTTP\/1\.1 200/, `closed at ${at}`);
          assert.equal(ran.get(run), undefined, `closed at ${at}`);
        });
      });

      it(`runs at most one time each if a ${type} with ${framing} is closed at any byte behind complete ones`, async () => {
        await atEachByte(length, async (at) => {
          const whole = [requestFor(query, framing, false), requestFor(query, 'a length', false)];
          const last = requestFor(query, framing);
          const parts = [Buffer.concat([...whole.map(({ bytes }) => bytes), last.bytes.subarray(0, at)])];
          incomplete.add(last.run);
          await sendRaw(server.port, { parts, closes: true });
        });
      });
    }
  }
});

async function answeredInLane(server: LaneServer): Promise<number> {
  return (await server.readCounters()).lane['answered'] ?? 0;
}

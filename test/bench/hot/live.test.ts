import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connectInspector, inspected, inspectorAddress } from '../../support/inspector.ts';
import { run, until } from '../../support/process.ts';
import { keepAsking, prepareRequest } from './connection.ts';
import { memoryOf } from './live.ts';
import { type Criterion, judgeGrowth } from './soak-verdict.ts';

/** Starts a server that runs this code for each request, and judges its memory as a long load does. */
async function judge(perRequest: string): Promise<Criterion> {
  const code = `
    const kept = [];
    const server = require('node:http').createServer((request, response) => {
      request.resume();
      ${perRequest};
      response.end('{}');
    });
    server.listen(0, '127.0.0.1', () => console.log('port', server.address().port));`;
  const server = run([inspected, '-e', code]);
  const port = () => /port (\d+)/.exec(server.output())?.[1];
  await until(() => port() !== undefined);
  const inspector = await connectInspector(inspectorAddress(server.output()) ?? '');
  try {
    const url = new URL(`http://127.0.0.1:${port()}/graphql`);
    const request = prepareRequest(url, '{}', undefined);
    const live: number[] = [];
    // The code of a new process is compiled in the first turns, which takes memory.
    for (let turn = 0; turn < 8; turn += 1) {
      let left = 400;
      const errors: Error[] = [];
      await keepAsking(url, () => (left-- > 0 ? request : null), {
        answered: () => {},
        broken: (error) => errors.push(error),
      });
      assert.deepEqual(errors, []);
      const { liveMiB } = await memoryOf({ pid: server.child.pid ?? 0, live: () => inspector.live() }, 50);
      live.push(liveMiB);
    }
    return judgeGrowth('live memory', live);
  } finally {
    inspector.close();
    await server.stop();
  }
}

describe('the live memory of a long load', { concurrency: true }, () => {
  it('grows in a server that keeps objects', async () => {
    const { passed, line } = await judge('kept.push(Array.from({ length: 200 }, (_, index) => ({ index })))');
    assert.equal(passed, false, line);
  });

  it('grows in a server that keeps buffers, which lie outside the heap', async () => {
    const { passed, line } = await judge('kept.push(new Uint8Array(10_000))');
    assert.equal(passed, false, line);
  });

  it('does not grow in a server that makes garbage', async () => {
    const { passed, line } = await judge(
      'Array.from({ length: 2_000 }, (_, index) => ({ index })); new Uint8Array(100_000)',
    );
    assert.equal(passed, true, line);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dose } from '../support/dose.ts';
import { attack } from './hostile/campaign.ts';
import { startKit, startServer } from './hostile/targets.ts';

/** `FUZZ_SECONDS` changes the length. `FUZZ_SEED` repeats a run. An hour is `node test/fuzz/server.ts --minutes 60`. */
const seconds = Number(process.env.FUZZ_SECONDS ?? dose('fuzz/server.test.ts'));
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 32);

describe('a hostile client neither ends nor blocks nor fills the process', { concurrency: true }, () => {
  for (const [name, start] of [
    ['the server', startServer],
    ['a plain Apollo Server with the kit', startKit],
  ] as const) {
    it(`E-2 E-9 ${name}, over HTTP, WebSocket and server-sent events`, async (t) => {
      const target = await start();
      try {
        t.diagnostic(`FUZZ_SEED=${seed}`);
        const { faults, counts, heapBytes } = await attack(target, { seconds, seed });
        t.diagnostic(JSON.stringify({ heapBytes, counts }));
        assert.deepEqual(faults, []);
        // Few attacks fit into the time if other work fills the machine.
        assert.ok(Object.values(counts).reduce((sum, count) => sum + count, 0) > 20, 'something was attacked');
      } finally {
        await target.stop();
      }
    });
  }
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify } from 'fastify';
import { answerAround } from '../../../src/http/around.ts';
import { inProcessPost } from '../../../src/http/in-process.ts';
import { createArrivals } from '../../../src/provider/request/arrival.ts';

it('a request keeps its time of arrival while it is answered, up to an age of ten seconds', async () => {
  let now = 1_000_000;
  const arrived = createArrivals(() => now);
  assert.equal(arrived.arrivedAt(), now);
  await new Promise<void>((resolve) => {
    arrived.around.run(arrived.around.arrival(), () => {
      resolve(
        sleep(1).then(() => {
          now += 9_000;
          assert.equal(arrived.arrivedAt(), 1_000_000);
          now += 9_000;
          assert.equal(arrived.arrivedAt(), now - 10_000);
        }),
      );
    });
  });
  assert.equal(arrived.arrivedAt(), now);
});

it('a request does not arrive in the future, although the clock was set back', async () => {
  let now = 1_000_000;
  const arrived = createArrivals(() => now);
  const arrival = arrived.around.arrival();
  now -= 5_000;
  for (const at of [arrival, arrived.around.arrival()]) {
    await new Promise<void>((resolve) => {
      arrived.around.run(at, () => {
        assert.equal(arrived.arrivedAt(), now);
        resolve();
      });
    });
  }
});

it('a request that the answer sends to this server has the same time of arrival', async (t) => {
  let now = 1_000_000;
  const arrived = createArrivals(() => now);
  const app = fastify();
  t.after(() => app.close());
  answerAround(app, arrived.around);
  app.post('/inner', async () => ({ arrivedAt: arrived.arrivedAt() }));
  app.post('/outer', async () => {
    await sleep(1);
    now += 5_000;
    const headers = { 'content-type': 'application/json' };
    const answer = await inProcessPost(() => app)({ path: '/inner', headers, body: '{}', address: '127.0.0.1' });
    return JSON.parse(answer.body);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const path of ['/outer', '/inner', '/outer']) {
    await sleep(120);
    const sent = now;
    const answer = await fetch(url + path, { method: 'POST' });
    assert.deepEqual(await answer.json(), { arrivedAt: sent });
  }
});

it('a request that a busy process accepts late arrived when the process last accepted one', async () => {
  const arrived = createArrivals(Date.now);
  await sleep(120);
  const before = Date.now();
  while (Date.now() < before + 300);
  await new Promise<void>((resolve) => {
    arrived.around.run(arrived.around.arrival(), () => {
      const at = arrived.arrivedAt();
      assert.ok(at <= before && at >= before - 100, `${at - before}`);
      resolve();
    });
  });
});

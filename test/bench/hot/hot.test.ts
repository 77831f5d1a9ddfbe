import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { withMark } from '../marks.ts';
import { keepAsking, prepareRequest } from './connection.ts';
import { ratioInterval, studentT975 } from './interval.ts';
import { createLatencies } from './latencies.ts';
import { judgeSoak, type SoakSample } from './soak-verdict.ts';

describe('the load of the benchmark', () => {
  /** Sends so many requests to a server that answers with this function. @returns whether each status was expected */
  async function send(count: number, answer: (response: ServerResponse, index: number) => void): Promise<unknown[]> {
    let served = 0;
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        answer(response, served);
        served += 1;
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
    const request = prepareRequest(url, '{"query":"{ ü }"}', undefined);
    const seen: unknown[] = [];
    let left = count;
    await keepAsking(url, () => (left-- > 0 ? request : null), {
      answered: (_, isExpected) => seen.push(isExpected),
      broken: ({ message }) => seen.push(message),
    });
    server.close();
    return seen;
  }

  it('reads answers of any size, with a length and in chunks', async () => {
    const seen = await send(6, (response, index) => {
      const body = 'x'.repeat([0, 1, 70_000, 700_000, 3, 900_000][index] ?? 0);
      if (index < 3) return response.end(body);
      response.write(body);
      return response.end('end');
    });
    assert.deepEqual(seen, [true, true, true, true, true, true]);
  });

  it('counts another status and a broken connection', async () => {
    const seen = await send(3, (response, index) => {
      if (index === 2) return void response.destroy();
      response.statusCode = index === 1 ? 500 : 200;
      return response.end('{}');
    });
    assert.deepEqual(seen, [true, false, 'the server closed the connection']);
  });
});

describe('the figures of the benchmark', () => {
  it('latencies give their quantiles', () => {
    const latencies = createLatencies();
    assert.ok(Number.isNaN(latencies.at(0.5)));
    for (let index = 1; index <= 1_000; index += 1) latencies.add(index / 10);
    assert.ok(Math.abs(latencies.at(0.5) - 50) < 0.2, `${latencies.at(0.5)}`);
    assert.ok(Math.abs(latencies.at(0.99) - 99) < 0.2, `${latencies.at(0.99)}`);
    latencies.clear();
    assert.equal(latencies.count, 0);
  });

  it('the interval of a ratio is that of a table of Student', () => {
    for (const [degrees, value] of [
      [4, 2.776],
      [9, 2.262],
      [14, 2.145],
      [29, 2.045],
    ] as const) {
      assert.ok(Math.abs(studentT975(degrees) - value) < 0.01, `${degrees}: ${studentT975(degrees)}`);
    }
    const { estimate, low, high } = ratioInterval([0.5, 2, 0.5, 2, 1]);
    assert.ok(Math.abs(estimate - 1) < 1e-9);
    assert.ok(Math.abs(low * high - 1) < 1e-9 && low < 0.5 && high > 2);
  });

  it('a long load fails if p99 rises, if memory grows or if there is an error', () => {
    const steady: SoakSample = { requestsPerSecond: 1, p50Ms: 1, p99Ms: 2, residentMiB: 100, heapMiB: 50, ranShare: 1 };
    const samples = (last: Partial<SoakSample>) =>
      Array.from({ length: 12 }, (_, index) => (index < 9 ? steady : { ...steady, ...last }));
    assert.equal(judgeSoak(samples({}), new Map()).passed, true);
    assert.equal(judgeSoak(samples({}), new Map([['a broken connection', 1]])).passed, false);
    assert.equal(judgeSoak(samples({ heapMiB: 60 }), new Map()).passed, false);
    assert.equal(judgeSoak(samples({ residentMiB: 120 }), new Map()).passed, false);
    const slower = Array.from({ length: 12 }, (_, index) => ({ ...steady, p99Ms: index < 6 ? 2 : 3 }));
    assert.equal(judgeSoak(slower, new Map()).passed, false);
    assert.equal(judgeSoak([], new Map()).passed, false);
  });

  it('a result replaces only the text between its marks', () => {
    const guide = 'a\n<!-- bench: one -->\nold\n<!-- end bench -->\nb\n<!-- bench: two -->\nkept\n<!-- end bench -->\n';
    const written = withMark(guide, 'one', 'new');
    assert.equal(written, guide.replace('old', '\nnew\n'));
    assert.equal(withMark(written, 'one', 'new'), written);
    assert.throws(() => withMark(guide, 'three', 'x'), /expected the marks "<!-- bench: three -->"/);
  });
});

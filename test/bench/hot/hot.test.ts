import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { withMark } from '../marks.ts';
import { integerOption, namesOption, numberOption } from '../../support/options.ts';
import { keepAsking, prepareRequest } from './connection.ts';
import { ratioInterval, studentT975 } from './interval.ts';
import { createLatencies } from './latencies.ts';
import { together } from './results.ts';
import { judgeSoak, type SoakMinute, type SoakResult, type SoakWindow } from './soak-verdict.ts';

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

  it('the slices of a pair count by their requests', () => {
    const slice = { busyShare: 1, ranShare: 0.9 };
    const joined = together([
      { ...slice, requestsPerSecond: 100, cpuMicrosecondsPerRequest: 10 },
      { ...slice, requestsPerSecond: 300, cpuMicrosecondsPerRequest: 20, busyShare: 0.5 },
    ]);
    assert.deepEqual(joined, {
      requestsPerSecond: 200,
      cpuMicrosecondsPerRequest: 17.5,
      busyShare: 0.75,
      ranShare: 0.9,
    });
  });

  it('a long load fails if p99 rises, if memory grows, if there is an error or if it was too short', () => {
    const steady: SoakWindow = { requestsPerSecond: 1, p50Ms: 1, p99Ms: 2, residentMiB: 100, ranShare: 1 };
    const windows = (last: Partial<SoakWindow>) =>
      Array.from({ length: 12 }, (_, index) => (index < 6 ? steady : { ...steady, ...last }));
    const minute: SoakMinute = { peakMiB: 100, residentAfterMiB: 60, liveMiB: 50 };
    const minutes = (last: Partial<SoakMinute>) => [{ ...minute, liveMiB: 40 }, minute, minute, { ...minute, ...last }];
    const result: SoakResult = { windows: windows({}), minutes: minutes({}), errors: new Map() };
    const judge = (changed: Partial<SoakResult>) => judgeSoak({ ...result, ...changed });
    assert.equal(judge({}).passed, true);
    assert.equal(judge({ errors: new Map([['a broken connection', 1]]) }).passed, false);
    for (const last of [{ liveMiB: 53 }, { residentAfterMiB: 64 }, { peakMiB: 106 }]) {
      assert.equal(judge({ minutes: minutes(last) }).passed, false);
    }
    assert.equal(judge({ windows: windows({ p99Ms: 3 }) }).passed, false);
    const short = judge({ minutes: [minute], windows: [] });
    assert.equal(short.passed, false);
    assert.deepEqual(short.lines.slice(0, 4), [
      'FAILED: p99 of W1, first and second half: the load was too short',
      'FAILED: peak of resident memory, third and last quarter: the load was too short',
      'FAILED: resident memory after a collection of garbage, third and last quarter: the load was too short',
      'FAILED: live memory, third and last quarter: the load was too short',
    ]);
  });

  it('an option that cannot be read is refused with its name, and with what was found and expected', () => {
    assert.equal(integerOption('soak', '10', 4), 10);
    assert.equal(numberOption('seconds', '0.5', 0.1), 0.5);
    assert.deepEqual(namesOption('only', 'a,b', ['a', 'b', 'c']), ['a', 'b']);
    for (const text of ['2', '', 'ten', 'NaN']) {
      const expected = `--soak: found "${text}", expected a number from 4 on: it is too short`;
      assert.throws(() => integerOption('soak', text, 4, 'it is too short'), { message: expected });
    }
    assert.throws(() => integerOption('pairs', '2.5', 2), {
      message: '--pairs: found "2.5", expected an integer from 2 on',
    });
    assert.throws(() => namesOption('only', 'a,d', ['a', 'b']), { message: '--only: found "d", expected some of a,b' });
  });

  it('a result replaces only the text between its marks', () => {
    const guide = 'a\n<!-- bench: one -->\nold\n<!-- end bench -->\nb\n<!-- bench: two -->\nkept\n<!-- end bench -->\n';
    const written = withMark(guide, 'one', 'new');
    assert.equal(written, guide.replace('old', '\nnew\n'));
    assert.equal(withMark(written, 'one', 'new'), written);
    assert.throws(() => withMark(guide, 'three', 'x'), /expected the marks "<!-- bench: three -->"/);
  });
});

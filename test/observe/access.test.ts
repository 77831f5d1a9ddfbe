import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { accessLog } from '../../src/observe/access.ts';

describe('C-8 the access line', () => {
  const id = randomUUID();
  const written = (reqId: string | undefined) => {
    const lines: string[] = [];
    return {
      lines,
      access: accessLog(
        (line) => void lines.push(line),
        () => reqId,
      ),
    };
  };
  /** Removes the time, which differs. */
  const timeless = (line: string) => line.replace(/"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, '"time"');

  it('C-8 has the bytes that pino writes', () => {
    const expected: string[] = [];
    const reference = pino(
      {
        base: null,
        mixin: () => ({ reqId: id }),
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line) => void expected.push(line) },
    );
    const { lines, access } = written(id);
    const routes = ['/graphql', 'none', '/oauth/:id', '/"quoted"\\', '/ä\u2028', '*'];
    const durations = [0, 0.1, 1, 1.5, 12.3, 0.1 + 0.2, 99_999.9, 1e21, -0];
    for (let turn = 0; turn < 2; turn += 1) {
      for (const route of routes) {
        for (const method of ['POST', 'GET', 'M-SEARCH']) {
          for (const status of [200, 401, 503]) {
            for (const ms of durations) {
              access({ method, route, answer: { status, ms } });
              reference.info({ method, route, status, ms }, 'request');
            }
          }
          access({ method, route });
          reference.info({ method, route }, 'request aborted');
        }
      }
    }
    assert.deepEqual(lines.map(timeless), expected.map(timeless));
  });

  it('C-8 has the ID that it is given, and otherwise that of the async context', () => {
    const { lines, access } = written(id);
    const given = randomUUID();
    const answer = { status: 200, ms: 1 };
    for (const line of [{}, { answer }]) {
      access({ method: 'GET', route: '/', ...line, id: given });
      access({ method: 'GET', route: '/', ...line });
      assert.deepEqual(
        lines.splice(0).map((text) => JSON.parse(text).reqId),
        [given, id],
      );
    }
  });

  it('C-8 has no ID outside a request, and the time of its writing', async () => {
    const { lines, access } = written(undefined);
    for (let count = 0; count < 3; count += 1) {
      const before = Date.now();
      access({ method: 'GET', route: '/', answer: { status: 200, ms: 1 } });
      const { time, reqId } = JSON.parse(lines.at(-1) ?? '');
      assert.equal(reqId, undefined);
      assert.ok(before <= Date.parse(time) && Date.parse(time) <= Date.now());
      const at = 1_000_000 + count;
      access({ method: 'GET', route: '/', at, answer: { status: 200, ms: 1 } });
      assert.equal(Date.parse(JSON.parse(lines.at(-1) ?? '').time), at);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  });

  it('C-8 is right for more routes than are remembered', () => {
    const { lines, access } = written(id);
    for (let index = 0; index < 3_000; index += 1) {
      access({ method: 'GET', route: `/${index}`, answer: { status: 200 + (index % 300), ms: 1 } });
    }
    const [last] = lines.slice(-1).map((line) => JSON.parse(line));
    assert.deepEqual([last.route, last.status], ['/2999', 499]);
    assert.equal(new Set(lines.map(timeless)).size, 3_000);
  });
});

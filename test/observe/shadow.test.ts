import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { createShadowCounter } from '../../src/observe/shadow.ts';

function counting() {
  const lines: any[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) });
  return { lines, counter: createShadowCounter(log) };
}

describe('denials by rules in shadow mode', () => {
  const denial = { coordinate: 'Query.orders', rule: 'Order', clientId: 'web' };

  it('are one log line for each coordinate and client, with the new and the total number', () => {
    const { lines, counter } = counting();
    counter.add(denial);
    counter.add({ ...denial, rule: 'Query.orders' });
    counter.add({ ...denial, clientId: null });
    assert.deepEqual(lines, []);
    counter.flush();
    counter.flush();
    counter.add(denial);
    counter.flush();
    assert.deepEqual(
      lines,
      [
        { level: 40, clientId: 'web', count: 2, total: 2, rules: ['Order', 'Query.orders'] },
        { level: 40, clientId: null, count: 1, total: 1, rules: ['Order'] },
        { level: 40, clientId: 'web', count: 1, total: 3, rules: ['Order', 'Query.orders'] },
      ].map((line) => ({ ...line, coordinate: 'Query.orders', msg: 'would be denied' })),
    );
  });

  it('are a bounded number of lines for any number of clients', () => {
    const { lines, counter } = counting();
    for (let index = 0; index < 10_000; index += 1) counter.add({ ...denial, clientId: `client ${index}` });
    counter.flush();
    assert.equal(lines.length, 1_001);
    assert.equal(
      lines.reduce((sum, { count }) => sum + count, 0),
      10_000,
    );
    const { coordinate, clientId, count } = lines.at(-1);
    assert.deepEqual([coordinate, clientId, count], ['others', null, 9_000]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, asyncProperty, constantFrom, double, tuple } from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { byRequest } from '../../src/observe/counts/by-request.ts';
import { labelledCounter } from '../../src/observe/counts/counter.ts';
import { durations } from '../../src/observe/counts/durations.ts';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const routes = constantFrom('/graphql', 'none', '/"q"\\', '/ä\n');
const methods = constantFrom('GET', 'POST', 'other');
const seconds = double({ min: 0, max: 100, noNaN: true }).chain((value) => constantFrom(value, ...buckets, 0));

describe('the metrics of requests', () => {
  it('have the text of prom-client, for the same observations', async () => {
    const observations = array(tuple(routes, methods, constantFrom(1, 2, 4, 5), seconds), { maxLength: 60 });
    await check(
      asyncProperty(observations, async (observed) => {
        const ours = new Registry();
        const theirs = new Registry();
        const count = durations(ours, 'seconds', 'Help.');
        const histogram = new Histogram({
          name: 'seconds',
          help: 'Help.',
          labelNames: ['route', 'method', 'status'],
          buckets,
          registers: [theirs],
        });
        for (const [route, method, status, value] of observed) {
          count(route, method, status, value);
          histogram.observe({ route, method, status: `${status}xx` }, value);
        }
        assert.equal(await ours.metrics(), await theirs.metrics());
      }),
      { numRuns: 200 },
    );
  });

  it('have the text of prom-client for counters of one and two labels, also when they are read repeatedly', async () => {
    const outcomes = constantFrom('ok', 'refused', 'a"b\\c\n', '');
    await check(
      asyncProperty(array(tuple(outcomes, outcomes), { maxLength: 40 }), async (counted) => {
        const ours = new Registry();
        const theirs = new Registry();
        const one = labelledCounter(ours, 'ones', 'One.', ['outcome']);
        const two = labelledCounter(ours, 'twos', 'Two.', ['type', 'outcome']);
        const registers = [theirs];
        const ones = new Counter({ name: 'claimgate_ones_total', help: 'One.', labelNames: ['outcome'], registers });
        const twos = new Counter({
          name: 'claimgate_twos_total',
          help: 'Two.',
          labelNames: ['type', 'outcome'],
          registers,
        });
        for (const [type, outcome] of counted) {
          one(outcome);
          ones.inc({ outcome });
          two(type, outcome);
          twos.inc({ type, outcome });
          if (outcome === '') assert.equal(await ours.metrics(), await theirs.metrics());
        }
        assert.equal(await ours.metrics(), await theirs.metrics());
      }),
      { numRuns: 200 },
    );
  });

  it('are looked up in bounded memory', () => {
    let made = 0;
    const valueOf = byRequest((route, method, number) => {
      made += 1;
      return `${route} ${method} ${number}`;
    }, 100);
    for (let turn = 0; turn < 2; turn += 1) {
      for (let index = 0; index < 300; index += 1)
        assert.equal(valueOf(`/${index}`, 'GET', index), `/${index} GET ${index}`);
    }
    assert.equal(made, 300 + 200);
  });
});

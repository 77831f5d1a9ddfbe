import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { guide, withMark } from '../marks.ts';
import { chartFile, chartOf, type MeasuredCurve, merged, readMeasured, textOf } from './measured.ts';

const curve = (name: string, day: string): MeasuredCurve => ({
  day,
  node: 'v24.0.0',
  seconds: 3,
  curve: { name, of: name, unit: 'µs', series: [{ name: 'cost', points: [{ size: 1, value: 2 }] }] },
});

describe('the curves of the benchmarks', () => {
  it('a run of one curve keeps the others, with the day of each', () => {
    const order = ['rules', 'rows', 'tokens'];
    const kept = { rows: curve('rows', '2026-01-01'), tokens: curve('tokens', '2026-01-02'), gone: curve('gone', '') };
    const first = merged(kept, curve('rules', '2026-01-03'), order);
    const second = merged(first, curve('rows', '2026-01-04'), order);
    assert.deepEqual(
      Object.entries(second).map(([name, { day }]) => [name, day]),
      [
        ['rules', '2026-01-03'],
        ['rows', '2026-01-04'],
        ['tokens', '2026-01-02'],
      ],
    );
    assert.match(textOf(second), /2026-01-04, Node\.js v24\.0\.0, 3 s for each value:\n\n\| rows, µs \| 1 \|/);
  });

  it('the tables and the chart of the guide are those of the newest measurements', async () => {
    const curves = await readMeasured();
    const present = await readFile(guide, 'utf8');
    assert.equal(present, withMark(present, 'curves', textOf(curves)));
    assert.equal(await readFile(chartFile, 'utf8'), chartOf(curves));
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../support/process.ts';
import { writeMark } from '../marks.ts';
import { table } from '../spread.ts';
import { curvesChart } from './chart.ts';
import type { Curve } from './curve.ts';

/** A curve, and how it was measured. */
export interface MeasuredCurve {
  readonly day: string;
  /** The version of Node.js. */
  readonly node: string;
  /** How long each value was measured. */
  readonly seconds: number;
  readonly curve: Curve;
}

/** The newest measurement of each curve, by the name of the curve. Curves can be measured on different days. */
export type MeasuredCurves = Readonly<Record<string, MeasuredCurve>>;

const file = join(root, 'test/bench/curves/measured.json');
export const chartFile: string = join(root, 'test/bench/curves.svg');

/** Reads the newest measurement of each curve. */
export async function readMeasured(): Promise<MeasuredCurves> {
  return JSON.parse(await readFile(file, 'utf8')) as MeasuredCurves; // `keepMeasured` wrote it.
}

/**
 * Writes one curve, and keeps the others. Then writes the tables and the chart of all curves into the guide.
 *
 * @param order - the names of all curves, in the order of the guide
 */
export async function keepMeasured(measured: MeasuredCurve, order: readonly string[]): Promise<void> {
  const all = merged(await readMeasured(), measured, order);
  await writeFile(file, `${JSON.stringify(all, tenths, 2)}\n`);
  const curves = await readMeasured();
  await writeFile(chartFile, chartOf(curves));
  await writeMark('curves', textOf(curves));
}

function tenths(key: string, value: unknown): unknown {
  return key === 'value' && typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

/** Replaces one curve. @param order - the names of all curves, in order. Other curves are left out */
export function merged(kept: MeasuredCurves, measured: MeasuredCurve, order: readonly string[]): MeasuredCurves {
  const all: MeasuredCurves = { ...kept, [measured.curve.name]: measured };
  return Object.fromEntries(order.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
}

/** The chart of all curves. */
export function chartOf(curves: MeasuredCurves): string {
  return curvesChart(Object.values(curves).map(({ curve }) => curve));
}

/** The tables of all curves, as the guide shows them. */
export function textOf(curves: MeasuredCurves): string {
  const image = '![The cost of a request against rules, scopes, tokens, documents, rows and replicas](curves.svg)';
  const tables = Object.values(curves).map(
    ({ day, node, seconds, curve }) => `${day}, Node.js ${node}, ${seconds} s for each value:\n\n${tableOf(curve)}`,
  );
  return [image, ...tables].join('\n\n');
}

/** The table of one curve. */
export function tableOf(curve: Curve): string {
  const sizes = curve.series[0]?.points.map(({ size }) => size.toLocaleString('en')) ?? [];
  const rows = curve.series.map(({ name, points }) => [name, ...points.map(({ value }) => value.toFixed(1))]);
  return table([`${curve.of}, ${curve.unit}`, ...sizes], rows);
}

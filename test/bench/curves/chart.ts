import type { Curve, Series } from './curve.ts';

const width = 320;
const height = 190;
const left = 46;
const right = 12;
const top = 46;
const bottom = 30;

/** Draws curves in two columns, with logarithmic sizes, as SVG that can be read in light and in dark. */
export function curvesChart(curves: readonly Curve[]): string {
  const rows = Math.ceil(curves.length / 2);
  const plots = curves.map((curve, index) => {
    const place = `translate(${(index % 2) * width} ${Math.floor(index / 2) * height})`;
    return `<g transform="${place}">${plot(curve)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${rows * height}" role="img" aria-label="Cost against size">
<style>
text { font: 11px system-ui, sans-serif; fill: #526071 } .title { font-size: 13px; fill: #16202e }
path { fill: none; stroke-width: 2 } .axis { stroke: #c3cad4; stroke-width: 1 }
.s0 { stroke: #1d4ed8; fill: #1d4ed8 } .s1 { stroke: #b45309; fill: #b45309 } path { fill: none }
@media (prefers-color-scheme: dark) {
text { fill: #a3b0c2 } .title { fill: #e8edf4 } .axis { stroke: #3d4a5c }
.s0 { stroke: #6c9eff; fill: #6c9eff } .s1 { stroke: #fbbf24; fill: #fbbf24 } path { fill: none }
}
</style>
${plots.join('\n')}
</svg>
`;
}

function plot({ of, unit, series }: Curve): string {
  const points = series.flatMap(({ points }) => points);
  const least = Math.log10(Math.min(...points.map(({ size }) => size)));
  const most = Math.log10(Math.max(...points.map(({ size }) => size)));
  const highest = Math.max(...points.map(({ value }) => value)) * 1.1;
  const x = (size: number) => left + ((Math.log10(size) - least) / (most - least || 1)) * (width - left - right);
  const y = (value: number) => height - bottom - (value / highest) * (height - top - bottom);
  const sizes = [...new Set(points.map(({ size }) => size))];
  const line = ({ points, name }: Series, index: number): string => {
    const path = points.map(({ size, value }) => `${x(size).toFixed(1)} ${y(value).toFixed(1)}`).join(' L ');
    const dots = points.map(({ size, value }) => {
      const label = `${name}: ${value.toFixed(1)} at ${size.toLocaleString('en')}`;
      return `<circle class="s${index % 2}" cx="${x(size).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"><title>${label}</title></circle>`;
    });
    return `<path class="s${index % 2}" d="M ${path}"/>${dots.join('')}`;
  };
  return [
    `<text class="title" x="${left - 34}" y="18">${of}</text><text x="${left - 34}" y="34">${unit}</text>`,
    `<path class="axis" d="M ${left} ${top} V ${height - bottom} H ${width - right}"/>`,
    `<text x="${left - 6}" y="${top + 4}" text-anchor="end">${short(highest)}</text>`,
    `<text x="${left - 6}" y="${height - bottom}" text-anchor="end">0</text>`,
    ...sizes.map(
      (size) => `<text x="${x(size).toFixed(1)}" y="${height - 14}" text-anchor="middle">${short(size)}</text>`,
    ),
    ...series.map(line),
  ].join('');
}

function short(value: number): string {
  if (value >= 1_000_000) return `${Math.round(value / 1_000_000)}M`;
  return value >= 1_000 ? `${Math.round(value / 1_000)}k` : value.toFixed(0);
}

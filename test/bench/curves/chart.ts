import type { Curve, Series } from './curve.ts';

const width = 320;
const height = 190;
const left = 46;
const right = 12;
const top = 46;
const bottom = 30;

/**
 * Draws curves in two columns, as SVG that can be read in light and in dark. Sizes are logarithmic. Each line shows its
 * values as multiples of its value at the least size, so that growth is visible for small values too.
 */
export function curvesChart(curves: readonly Curve[]): string {
  const rows = Math.ceil(curves.length / 2);
  const plots = curves.map((curve, index) => {
    const place = `translate(${(index % 2) * width} ${Math.floor(index / 2) * height})`;
    return `<g transform="${place}">${plot(curve)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${rows * height}" role="img" aria-label="Cost against size, as a multiple of the cost at the least size">
<style>
text { font: 11px system-ui, sans-serif; fill: #526071 } .title { font-size: 13px; fill: #16202e }
path { fill: none; stroke-width: 2 } .axis { stroke: #c3cad4; stroke-width: 1 }
.s0 { stroke: #1d4ed8 } .s1 { stroke: #b45309 } circle.s0 { fill: #1d4ed8 } circle.s1 { fill: #b45309 }
@media (prefers-color-scheme: dark) {
text { fill: #a3b0c2 } .title { fill: #e8edf4 } .axis { stroke: #3d4a5c }
.s0 { stroke: #6c9eff } .s1 { stroke: #fbbf24 } circle.s0 { fill: #6c9eff } circle.s1 { fill: #fbbf24 }
}
</style>
${plots.join('\n')}
</svg>
`;
}

function plot({ of, series: measured }: Curve): string {
  const series = measured.map(relative);
  const points = series.flatMap(({ points }) => points);
  const least = Math.log10(Math.min(...points.map(({ size }) => size)));
  const most = Math.log10(Math.max(...points.map(({ size }) => size)));
  const highest = Math.max(2, Math.ceil(Math.max(...points.map(({ value }) => value))));
  const x = (size: number) => left + ((Math.log10(size) - least) / (most - least || 1)) * (width - left - right);
  const y = (value: number) => height - bottom - (value / highest) * (height - top - bottom);
  const names = series.length > 2 ? `${series.length} statements` : series.map(({ name }) => name).join('; ');
  const sizes = [...new Set(points.map(({ size }) => size))];
  const line = ({ points, name }: Series, index: number): string => {
    const path = points.map(({ size, value }) => `${x(size).toFixed(1)} ${y(value).toFixed(1)}`).join(' L ');
    const dots = points.map(({ size, value }) => {
      const label = `${name}: ${value.toFixed(2)} times at ${size.toLocaleString('en')}`;
      return `<circle class="s${index % 2}" cx="${x(size).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"><title>${label}</title></circle>`;
    });
    return `<path class="s${index % 2}" d="M ${path}"/>${dots.join('')}`;
  };
  return [
    `<text class="title" x="${left - 34}" y="18">${of}</text><text x="${left - 34}" y="34">${names}</text>`,
    `<path class="axis" d="M ${left} ${top} V ${height - bottom} H ${width - right}"/>`,
    `<text x="${left - 6}" y="${top + 4}" text-anchor="end">${short(highest)}</text>`,
    `<text x="${left - 6}" y="${height - bottom}" text-anchor="end">0</text>`,
    `<text x="${left - 6}" y="${(y(1) + 4).toFixed(1)}" text-anchor="end">1</text>`,
    ...sizes.map(
      (size) => `<text x="${x(size).toFixed(1)}" y="${height - 14}" text-anchor="middle">${short(size)}</text>`,
    ),
    ...series.map(line),
  ].join('');
}

function relative({ name, points }: Series): Series {
  const first = points[0]?.value ?? 1;
  return { name, points: points.map(({ size, value }) => ({ size, value: value / first })) };
}

function short(value: number): string {
  if (value >= 1_000_000) return `${Math.round(value / 1_000_000)}M`;
  return value >= 1_000 ? `${Math.round(value / 1_000)}k` : value.toFixed(0);
}

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisLabels } from '../data/times.ts';
import { markOf } from './marks.ts';

/** The lines of a chart. */
export interface Lines {
  /** The beginning of each part, in milliseconds since the epoch. */
  readonly times: readonly number[];
  readonly bucketMs: number;
  /** The counts of each series. */
  readonly counts: readonly (readonly number[])[];
}

/** A chart of a fixed number of series. It is drawn on a canvas, which screen readers ignore. */
export interface Chart {
  readonly draw: (lines: Lines) => void;
  /** Shows the cursor at a part; null: nowhere. */
  readonly point: (index: number | null) => void;
  readonly destroy: () => void;
}

const height = 190;
/** From this width on, there is room for labels beside the ends of the lines, in pixels. */
const wide = 480;
const labelWidth = 112;
const font = '12px system-ui, sans-serif';

/**
 * Makes a chart in an element. It follows the width of the element and the colour scheme of the browser.
 *
 * @param series the label and the look (`marks.ts`) of each series
 * @param colours the elements whose text colour each series has. The last one has the colour of the axes
 * @param onPoint called with the part under the pointer; null: none
 */
export function createChart(
  host: HTMLElement,
  series: readonly { readonly label: string; readonly look: number }[],
  colours: readonly Element[],
  onPoint: (index: number | null) => void,
): Chart {
  let lines: Lines = { times: [], bucketMs: 1, counts: series.map(() => []) };
  const colour = (index: number): string => getComputedStyle(colours.at(index) ?? host).color;
  const faint = (): string => getComputedStyle(host).borderTopColor;

  const plot = new uPlot(
    {
      width: widthOf(host),
      height,
      legend: { show: false },
      padding: [10, (drawn) => (drawn.width < wide ? 14 : labelWidth), 0, 0],
      cursor: { drag: { x: false, y: false }, y: false },
      scales: { y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
      axes: [
        {
          stroke: () => colour(-1),
          grid: { stroke: faint, width: 1 },
          ticks: { stroke: faint },
          font,
          space: 70,
          values: (_plot, splits) =>
            axisLabels(
              splits.map((second) => second * 1000),
              lines.bucketMs,
            ),
        },
        {
          stroke: () => colour(-1),
          grid: { stroke: faint, width: 1 },
          ticks: { show: false },
          font,
          size: 52,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500]
            .flatMap((one) => [one, one * 1e3, one * 1e6])
            .toSorted((a, b) => a - b),
          values: (_plot, splits) => splits.map(shortNumber),
        },
      ],
      series: [
        {},
        ...series.map(({ label, look }, index): uPlot.Series => {
          const { dash } = markOf(look);
          return {
            label,
            stroke: () => colour(index),
            width: 2,
            dash: [...dash],
            points: { show: true, size: 7, fill: () => colour(index), paths: shapes(look), filter: withEvents },
          };
        }),
      ],
      hooks: {
        draw: [(drawn) => drawLabels(drawn, series, colour)],
        setCursor: [
          ({ cursor }) => onPoint(cursor.left !== undefined && cursor.left >= 0 ? (cursor.idx ?? null) : null),
        ],
      },
    },
    [[], ...series.map(() => [])],
    host,
  );

  const observer = new ResizeObserver(() => resize());
  observer.observe(host);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const redraw = (): void => plot.redraw(false);
  scheme.addEventListener('change', redraw);

  function resize(): void {
    const width = widthOf(host);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height });
  }

  return {
    draw(next) {
      lines = next;
      resize();
      plot.setData([next.times.map((time) => time / 1000), ...next.counts.map((counts) => [...counts])]);
    },
    point(index) {
      const time = index === null ? undefined : plot.data[0][index];
      if (time === undefined) plot.setCursor({ left: -10, top: -10 });
      else plot.setCursor({ left: plot.valToPos(time, 'x'), top: 0 });
    },
    destroy() {
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      plot.destroy();
    },
  };
}

function widthOf(host: HTMLElement): number {
  return Math.floor(host.clientWidth);
}

/** Marks only the parts that have an event. */
const withEvents: uPlot.Series.Points.Filter = (plot, series) => {
  const counts = plot.data[series] ?? [];
  return [...counts.keys()].filter((index) => (counts[index] ?? 0) > 0);
};

function shapes(look: number): uPlot.Series.Points.PathBuilder {
  return (plot, at, _from, _to, filtered) => {
    const path = new Path2D();
    const { shape } = markOf(look);
    for (const index of filtered ?? []) {
      const [time, count] = [plot.data[0][index], plot.data[at]?.[index]];
      if (time === undefined || count === undefined || count === null) continue;
      const [x, y] = [plot.valToPos(time, 'x', true), plot.valToPos(count, 'y', true)];
      path.addPath(new Path2D(shape(x, y, 3 * devicePixelRatio)));
    }
    return { stroke: null, fill: path, clip: null, flags: 3 };
  };
}

/** Writes the label of each series beside the end of its line, and moves labels apart that would overlap. */
function drawLabels(
  plot: uPlot,
  series: readonly { readonly label: string }[],
  colour: (index: number) => string,
): void {
  if (plot.width < wide) return;
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const apart = 15 * ratio;
  const ends = series
    .map(({ label }, index) => ({ label, index, y: plot.valToPos(plot.data[index + 1]?.at(-1) ?? 0, 'y', true) }))
    .toSorted((one, other) => other.y - one.y);
  let below = bbox.top + bbox.height + apart;
  ctx.save();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const { label, index, y } of ends) {
    const at = Math.min(y, below - apart);
    below = at;
    ctx.fillStyle = colour(index);
    ctx.fillText(label, bbox.left + bbox.width + 8 * ratio, at);
  }
  ctx.restore();
}

function shortNumber(value: number): string {
  return value >= 10_000 ? value.toLocaleString('en', { notation: 'compact' }) : value.toLocaleString('en');
}

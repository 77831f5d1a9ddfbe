import { svg } from './dom.ts';

/** How a series looks without colour: its dashes, and the shape at each part that has an event. */
export interface Mark {
  readonly dash: readonly number[];
  /** Returns the outline of the shape around a point. */
  readonly shape: (x: number, y: number, radius: number) => string;
}

export const marks: readonly [Mark, Mark, Mark] = [
  { dash: [], shape: (x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z` },
  { dash: [8, 4], shape: (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}Z` },
  { dash: [2, 4], shape: (x, y, r) => `M${x} ${y - 1.2 * r}l${1.2 * r} ${2.2 * r}h${-2.4 * r}Z` },
];

/** Returns the mark of the n-th series of a chart. */
export function markOf(index: number): Mark {
  return marks[index % marks.length] ?? marks[0];
}

/** Draws a sample of a series for the legend. */
export function sampleOf(index: number): SVGElement {
  const { dash, shape } = markOf(index);
  return svg(
    'svg',
    { viewBox: '0 0 36 12', width: 36, height: 12, class: 'sample', 'aria-hidden': 'true' },
    svg('path', { d: 'M1 6H35', stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': dash.join(' ') }),
    svg('path', { d: shape(18, 6, 4), fill: 'currentColor' }),
  );
}

import type { Counts } from '../data/counts.ts';
import { timesOf } from '../data/ranges.ts';
import { countsOf, type Group } from '../data/series.ts';
import { numberText, summaryOf } from '../data/summary.ts';
import { timeLabel } from '../data/times.ts';
import { type Chart, createChart } from './chart.ts';
import { element, setText } from './dom.ts';
import { sampleOf } from './marks.ts';

/** The chart, the table and the summary of one group of series. */
export interface GroupCard {
  readonly root: HTMLElement;
  readonly draw: (counts: Counts) => void;
  /** Shows the chart or the table. Screen readers always get the table. */
  readonly show: (view: 'chart' | 'table') => void;
  readonly destroy: () => void;
}

/** Makes the card of a group. */
export function createGroupCard(group: Group): GroupCard {
  const { id, title, series } = group;
  const summary = element('p', { class: 'summary' });
  const samples = series.map(({ look }) => sampleOf(look));
  const totals = series.map(() => element('strong'));
  const legend = element(
    'ul',
    { class: 'legend' },
    ...series.map(({ label, look }, index) => {
      const item = element('li', { class: `look-${look}` }, label, ' ', totals[index] ?? null);
      item.prepend(samples[index] ?? '');
      return item;
    }),
  );
  const readout = element('p', { class: 'readout' });
  const host = element('div', {
    class: 'chart',
    tabindex: 0,
    role: 'slider',
    'aria-label': `${title}: point in time`,
    'aria-valuemin': 0,
    onkeydown: (event) => moveByKey(event as KeyboardEvent),
    onblur: () => point(null),
  });
  const body = element('tbody');
  const table = element(
    'table',
    {},
    element('caption', { class: 'unseen' }, `${title} by time, newest first`),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...['Time', ...series.map(({ label }) => label)].map((text) => element('th', { scope: 'col' }, text)),
      ),
    ),
    body,
  );
  const frame = element('div', { class: 'frame' }, table);
  const root = element(
    'section',
    { class: 'card', 'aria-labelledby': `group-${id}` },
    element('h2', { id: `group-${id}` }, title),
    summary,
    legend,
    host,
    readout,
    frame,
  );

  let chart: Chart | undefined;
  let counts: Counts | undefined;
  let values: readonly (readonly number[])[] = [];
  let pointed: number | null = null;

  function describe(index: number | null): void {
    if (!counts || index === null) {
      setText(readout, 'Move over the chart, or use the arrow keys in it, to read one point in time.');
      return;
    }
    const { since, bucketMs } = counts.span();
    const said = series.map(({ words }, at) => {
      const count = values[at]?.[index] ?? 0;
      return `${numberText(count)} ${words[count === 1 ? 0 : 1]}`;
    });
    const text = `${timeLabel(since + index * bucketMs, bucketMs)}: ${said.join(', ')}`;
    setText(readout, text);
    host.setAttribute('aria-valuenow', String(index));
    host.setAttribute('aria-valuetext', text);
  }

  function point(index: number | null): void {
    pointed = index;
    chart?.point(index);
    describe(index);
  }

  function moveByKey(event: KeyboardEvent): void {
    const last = (counts?.span().buckets ?? 1) - 1;
    const from = pointed ?? last;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, from - 1),
      ArrowDown: Math.max(0, from - 1),
      ArrowRight: Math.min(last, from + 1),
      ArrowUp: Math.min(last, from + 1),
      Home: 0,
      End: last,
    };
    const to = event.key === 'Escape' ? null : steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    point(to);
  }

  function draw(next: Counts): void {
    counts = next;
    values = series.map((one) => countsOf(one, next));
    setText(summary, summaryOf(group, next));
    for (const [index, total] of totals.entries()) {
      setText(total, numberText((values[index] ?? []).reduce((sum, value) => sum + value, 0)));
    }
    const { bucketMs, buckets } = next.span();
    const times = timesOf(next.span());
    host.setAttribute('aria-valuemax', String(buckets - 1));
    if (!host.hasAttribute('aria-valuenow')) host.setAttribute('aria-valuenow', String(buckets - 1));
    body.replaceChildren(
      ...times
        .map((time, index) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, timeLabel(time, bucketMs)),
            ...values.map((one) => element('td', { class: one[index] ? 'some' : 'none' }, numberText(one[index] ?? 0))),
          ),
        )
        .toReversed(),
    );
    if (!host.hidden) {
      chart ??= createChart(host, series, [...legend.children, summary], (index) => {
        if (document.activeElement !== host) describe(index);
      });
      chart.draw({ times, bucketMs, counts: values });
    }
    describe(pointed);
  }

  return {
    root,
    draw,
    show(view) {
      host.hidden = readout.hidden = view === 'table';
      frame.classList.toggle('unseen', view === 'chart');
      // What scrolls must be reachable by keyboard.
      if (view === 'table') {
        frame.setAttribute('tabindex', '0');
        frame.setAttribute('role', 'region');
        frame.setAttribute('aria-label', `${title} by time`);
      } else for (const name of ['tabindex', 'role', 'aria-label']) frame.removeAttribute(name);
      if (counts) draw(counts);
    },
    destroy: () => chart?.destroy(),
  };
}

import { countsOf, type Group } from './series.ts';
import type { Counts } from './counts.ts';
import { timeLabel } from './times.ts';

/** Returns a number for people: with separators, and shortened from ten millions on. */
export function numberText(count: number): string {
  return count < 10_000_000
    ? count.toLocaleString('en')
    : count.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}

/** Returns what a chart shows, as a sentence. */
export function summaryOf({ series, empty }: Group, counts: Counts): string {
  const { since, bucketMs } = counts.span();
  const parts = series.flatMap((one) => {
    const values = countsOf(one, counts);
    const total = values.reduce((sum, value) => sum + value, 0);
    if (total === 0) return [];
    const most = Math.max(...values);
    const peak = timeLabel(since + values.indexOf(most) * bucketMs, bucketMs);
    const [singular, plural] = one.words;
    const text = `${numberText(total)} ${total === 1 ? singular : plural}`;
    return [total === most ? `${text}, from ${peak}` : `${text}, most from ${peak} (${numberText(most)})`];
  });
  return parts.length === 0 ? empty : `${parts.join('; ')}.`;
}

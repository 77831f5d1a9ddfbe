const hour = 60 * 60_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Returns a time in the zone of the browser. Parts of at least 30 minutes need the day too. */
export function timeLabel(time: number, bucketMs: number): string {
  return bucketMs < hour / 2 ? clock.format(time) : `${day.format(time)}, ${clock.format(time)}`;
}

/** Returns labels for marks of an axis: the hour, and the day where it changes. */
export function axisLabels(times: readonly number[], bucketMs: number): string[] {
  let before = '';
  return times.map((time) => {
    const date = day.format(time);
    const isNew = date !== before;
    before = date;
    if (bucketMs < hour / 2) return clock.format(time);
    return clock.format(time) === '00:00' ? date : isNew ? `${date}\n${clock.format(time)}` : clock.format(time);
  });
}

/** Returns a time with its seconds and its day. The year is left out, because events are kept for 90 days. */
export function fullTime(time: number): string {
  return Number.isNaN(time) ? '' : full.format(time);
}

import type { AuditEvent } from './event.ts';
import type { Counts } from './counts.ts';
import { members } from './counts.ts';
import type { Filters } from './filters.ts';
import { timesOf } from './ranges.ts';

/** What the page shows. */
export interface Shown {
  readonly filters: Filters;
  readonly counts: Counts;
  readonly events: readonly AuditEvent[];
}

/** Returns what the page shows, as JSON. */
export function asJson({ filters, counts, events }: Shown): string {
  const { range, view: _view, ...given } = filters;
  const span = counts.span();
  const document = {
    range: range.id,
    filters: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    since: new Date(span.since).toISOString(),
    until: new Date(span.until).toISOString(),
    bucketSeconds: span.bucketMs / 1000,
    types: counts.types().map((type) => ({ type, counts: counts.of(type) })),
    ...Object.fromEntries(
      members.map((member) => [
        member,
        [...counts.values(member)].map(([value, byType]) => ({ value, counts: Object.fromEntries(byType) })),
      ]),
    ),
    events,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/**
 * Returns the counts that the page shows, as CSV (RFC 4180): one line for each time and type, coordinate and type, rule
 * and type, client and type. Lines with a count of 0 are left out.
 */
export function asCsv({ counts }: Shown): string {
  const { bucketMs } = counts.span();
  const iso = (time: number) => new Date(time).toISOString();
  const lines: (readonly (string | number)[])[] = [['by', 'from', 'to', 'value', 'type', 'count']];
  for (const type of counts.types()) {
    for (const [index, from] of timesOf(counts.span()).entries()) {
      const count = counts.of(type)[index] ?? 0;
      if (count > 0) lines.push(['time', iso(from), iso(from + bucketMs), '', type, count]);
    }
  }
  const { since, until } = counts.span();
  for (const member of members) {
    for (const [value, byType] of counts.values(member)) {
      for (const [type, count] of byType) {
        lines.push([member.replace(/s$/, ''), iso(since), iso(until), value, type, count]);
      }
    }
  }
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet would execute a text that begins like a formula. An apostrophe before it prevents this. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/.test(value) ? `'${value}` : value;
  // In some countries, spreadsheets also separate at semicolons.
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

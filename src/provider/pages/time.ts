import { type Html, html } from './html.ts';

const inWords = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/**
 * Writes a time for people and for programs. It is in UTC, because the time zone of the person is not known.
 *
 * @param time milliseconds since the epoch
 */
export function timeOf(time: number): Html {
  const date = new Date(time);
  return html`<time datetime="${date.toISOString()}">${timeInWords(time)}</time>`;
}

/** Writes a time as plain text, such as `29 November 2026 at 07:31 UTC`. @param time milliseconds since the epoch */
export function timeInWords(time: number): string {
  return `${inWords.format(new Date(time))} UTC`;
}

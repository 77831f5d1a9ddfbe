import type { AuditEvent } from '../data/event.ts';
import { numberText } from '../data/summary.ts';
import { fullTime } from '../data/times.ts';
import { element, setText } from './dom.ts';

/** The list of the latest events, in pages. */
export interface EventsCard {
  readonly root: HTMLElement;
  /** Shows one page of events. */
  readonly draw: (page: {
    readonly events: readonly AuditEvent[];
    readonly hasOlder: boolean;
    readonly isLatest: boolean;
  }) => void;
}

/** Makes the card. @param on what the buttons do */
export function createEventsCard(on: { readonly older: () => void; readonly latest: () => void }): EventsCard {
  const list = element('ol', { class: 'events' });
  const nothing = element(
    'p',
    { class: 'quiet' },
    'There is no event under these filters. Denials, failed sign-ins and administrative reads appear within about 12 seconds, other events within about 3.',
  );
  const says = element('span', { class: 'quiet' });
  const latest = element('button', { type: 'button', onclick: on.latest }, 'Latest');
  const older = element('button', { type: 'button', onclick: on.older }, 'Older');
  const root = element(
    'section',
    { class: 'card', 'aria-labelledby': 'events' },
    element('h2', { id: 'events' }, 'Latest events'),
    nothing,
    list,
    element('div', { class: 'paging' }, latest, older, says),
  );

  return {
    root,
    draw({ events, hasOlder, isLatest }) {
      // An item that stays keeps its element, and with it the focus and whether it is open.
      const present = new Map([...list.children].map((item) => [item.getAttribute('data-id'), item]));
      const items = events.map((event) => present.get(event.id) ?? itemOf(event));
      const kept = new Set<Element>(items);
      for (const item of present.values()) if (!kept.has(item)) item.remove();
      for (const [index, item] of items.entries()) {
        if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
      }
      nothing.hidden = events.length > 0;
      latest.disabled = isLatest;
      older.disabled = !hasOlder;
      setText(says, isLatest ? '' : 'Older events. New ones are not added to this page.');
    },
  };
}

function itemOf(event: AuditEvent): HTMLElement {
  const { id, at, count, type, outcome, coordinate, rule, clientId, detail, account } = event;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Outcome', outcome.toLowerCase()],
    ['Coordinate', coordinate],
    ['Rule', rule],
    ['Detail', detail],
    ['Client', clientId],
    ['Account', account ? `${account.email} (${account.id})` : null],
    ['Count', numberText(count)],
    ['Event', id],
  ];
  return element(
    'li',
    { 'data-id': id },
    element(
      'details',
      {},
      element(
        'summary',
        {},
        element('time', { datetime: at }, fullTime(Date.parse(at))),
        element('span', { class: `type ${toneOf(type)}` }, typeLabel(type)),
        element('span', { class: 'about' }, aboutOf(event)),
        element('span', { class: 'times' }, count > 1 ? `× ${numberText(count)}` : ''),
      ),
      element(
        'dl',
        {},
        ...rows.flatMap(([name, value]) => (value === null ? [] : [element('dt', {}, name), element('dd', {}, value)])),
      ),
    ),
  );
}

/** Returns the name of a type for people: `SIGN_IN_FAILED` becomes `Sign in failed`. */
export function typeLabel(type: string): string {
  const words = type.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function aboutOf({ coordinate, clientId, detail }: AuditEvent): string {
  return [coordinate ?? detail, clientId].filter((text) => text !== null).join(' · ');
}

function toneOf(type: string): string {
  if (/^DENIAL$|FAILED$|REUSE$/.test(type)) return 'bad';
  return type === 'SHADOW_DENIAL' ? 'warn' : 'plain';
}

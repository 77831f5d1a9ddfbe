import type { Filters } from '../data/filters.ts';
import type { Member } from '../data/counts.ts';
import type { Group } from '../data/series.ts';
import type { LiveState } from '../live/follow.ts';
import type { Reading } from '../live/state.ts';
import { createControls } from './controls.ts';
import { element, setText } from './dom.ts';
import { createEventsCard } from './events-card.ts';
import { createGroupCard, type GroupCard } from './group-card.ts';
import { createValuesCard } from './values-card.ts';

interface ViewOptions {
  /** The name of the product, in the title of the page. */
  readonly productName: string;
  readonly onFilters: (changes: Partial<Filters>) => void;
  readonly onDownload: (format: 'csv' | 'json') => void;
  readonly onPause: () => void;
  readonly onOlder: () => void;
  readonly onLatest: () => void;
  readonly onAccounts: () => void;
  readonly onSignOut: () => void;
}

/** The view of the activity. */
export interface ActivityView {
  readonly header: HTMLElement;
  readonly root: HTMLElement;
  /** @param caller null: the page is closed */
  readonly drawHeader: (
    caller: { readonly label: string; readonly withAccounts: boolean } | null,
    live: LiveState | { readonly is: 'paused' },
  ) => void;
  readonly draw: (reading: Reading, filters: Filters, groups: readonly Group[], withAccounts: boolean) => void;
}

const lists: readonly { member: Member; title: string; column: string; empty: string }[] = [
  {
    member: 'coordinates',
    title: 'By coordinate',
    column: 'Coordinate',
    empty: 'The fields of the schema that events name appear here.',
  },
  { member: 'rules', title: 'By rule', column: 'Rule', empty: 'The schema elements whose rules denied appear here.' },
  { member: 'clients', title: 'By client', column: 'Client ID', empty: 'The applications that called appear here.' },
];

/** Makes the view. It draws texts of other parties as text only. */
export function createActivityView(on: ViewOptions): ActivityView {
  const status = element('span', { class: 'status', role: 'status' });
  const pause = element('button', { type: 'button', onclick: on.onPause }, 'Pause');
  const accounts = element('button', { type: 'button', onclick: on.onAccounts }, 'Show accounts');
  const signOut = element('button', { type: 'button', onclick: on.onSignOut }, 'Sign out');
  const caller = element('span', { class: 'caller' });
  const header = element(
    'header',
    {},
    element('h1', {}, 'Activity'),
    element('a', { href: '/explorer' }, 'Explorer'),
    status,
    pause,
    caller,
    accounts,
    signOut,
  );

  const controls = createControls({ onChange: on.onFilters, onDownload: on.onDownload });
  const fault = element('p', { class: 'fault', role: 'alert' });
  const cards = element('div', { class: 'cards' });
  const values = lists.map((list) => createValuesCard(list, chooserOf(list.member)));
  const events = createEventsCard({ older: on.onOlder, latest: on.onLatest });
  const root = element(
    'main',
    {},
    controls.root,
    fault,
    cards,
    element('div', { class: 'cards three' }, ...values.map((card) => card.root)),
    events.root,
  );
  let shown: { key: string; groups: readonly GroupCard[] } = { key: '', groups: [] };

  function chooserOf(member: Member): ((value: string) => void) | null {
    if (member === 'coordinates') return (coordinate) => on.onFilters({ coordinate });
    return member === 'clients' ? (client) => on.onFilters({ client }) : null;
  }

  /** Makes the cards of other groups. Cards of the same groups stay, and with them the focus. */
  function cardsOf(groups: readonly Group[], view: Filters['view']): readonly GroupCard[] {
    const key = JSON.stringify([groups, view]);
    if (shown.key === key) return shown.groups;
    const isSame = JSON.stringify(groups) === JSON.stringify(JSON.parse(shown.key || '[[]]')[0]);
    if (!isSame) {
      for (const card of shown.groups) card.destroy();
      shown = { key, groups: groups.map(createGroupCard) };
      cards.replaceChildren(...shown.groups.map((card) => card.root));
    }
    shown = { ...shown, key };
    for (const card of shown.groups) card.show(view);
    return shown.groups;
  }

  return {
    header,
    root,

    drawHeader(present, live) {
      for (const part of [status, pause, caller, signOut]) part.hidden = present === null;
      accounts.hidden = present === null || present.withAccounts;
      setText(caller, present?.label ?? '');
      setText(pause, live.is === 'paused' ? 'Go on' : 'Pause');
      status.dataset['is'] = live.is;
      setText(status, statusText(live));
    },

    draw({ counts, events: nodes, hasOlder, isLatest, fault: reason, isLoading }, filters, groups, withAccounts) {
      controls.draw(filters, withAccounts);
      fault.hidden = reason === null;
      setText(fault, reason === null ? '' : `The activity could not be read: ${reason}`);
      root.setAttribute('aria-busy', String(isLoading && counts === null));
      for (const card of cardsOf(groups, filters.view)) if (counts) card.draw(counts);
      if (counts) for (const card of values) card.draw(counts);
      events.draw({ events: nodes, hasOlder, isLatest });
      document.title = `Activity${filters.type || filters.coordinate || filters.client ? ', filtered' : ''} · ${on.productName}`;
    },
  };
}

function statusText(live: LiveState | { readonly is: 'paused' }): string {
  if (live.is === 'waiting') return `Not live: ${live.reason} The page tries again.`;
  return { connecting: 'Connecting…', live: 'Live', paused: 'Paused' }[live.is];
}

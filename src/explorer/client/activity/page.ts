import type { Callers } from '../session/caller.ts';
import { authorizedFetch } from '../session/authorized-fetch.ts';
import { textOfOthers } from '../session/text.ts';
import { identityNames } from '../../documents/identity-names.ts';
import type { Settings } from '../settings.ts';
import { accountsScope, createAccess } from './access.ts';
import { asCsv, asJson } from './data/download.ts';
import { type Filters, fragmentOf, readFilters } from './data/filters.ts';
import { groupsFor } from './data/series.ts';
import { addedDocument } from '../../documents/activity.ts';
import { follow, type LiveState } from './live/follow.ts';
import { createReader } from './live/state.ts';
import { createTrail } from './live/trail.ts';
import { createActivityView } from './view/activity-view.ts';
import { atMostEvery, element } from './view/dom.ts';
import { noticeCard } from './view/sign-in-card.ts';

/** How often the counts are read again, because the most frequent values of a moving range change, in milliseconds. */
const reloadMs = 5 * 60_000;
/** How often the page is drawn at most, in milliseconds. */
const drawMs = 400;

/** Starts the page of the activity. */
export function startActivity(host: HTMLElement, settings: Settings, callers: Callers): void {
  const names = identityNames(settings.audit?.prefix ?? '');
  const endpoint = settings.publicUrl + settings.endpoint;
  const access = createAccess({ settings, callers, onChange: () => draw() }, callers.signInSilently());
  const callerId = (): string => {
    const { is, ...found } = access.now();
    return is === 'open' && 'caller' in found ? found.caller.id : '';
  };
  const withAccounts = (): boolean => {
    const found = access.now();
    return found.is === 'open' && found.caller.scopes.includes(accountsScope);
  };
  const trail = createTrail(
    endpoint,
    (url, init) => authorizedFetch(callers, callerId(), fetch)(url, init),
    names,
    withAccounts,
  );
  const reader = createReader({ trail, now: Date.now, onChange: () => drawSoon(), onRefused: access.refused });

  let filters = readFilters(location.hash);
  let live: LiveState | { readonly is: 'paused' } = { is: 'connecting' };
  /** What the present subscription selects, and how it ends. Null if there is no subscription. */
  let following: { readonly key: string; readonly stop: () => void } | null = null;
  let noticeOf = '';

  const view = createActivityView({
    productName: settings.productName,
    onFilters: change,
    onDownload(format) {
      const { counts, events } = reader.now();
      if (!counts) return;
      const shown = { filters, counts, events };
      save(`activity-${filters.range.id}.${format}`, format === 'csv' ? asCsv(shown) : asJson(shown), format);
    },
    onPause() {
      live = live.is === 'paused' ? { is: 'connecting' } : { is: 'paused' };
      draw();
    },
    onOlder: () => reader.page('older'),
    onLatest: () => reader.page('latest'),
    onAccounts: () => access.add(accountsScope),
    onSignOut: access.signOut,
  });

  function change(changes: Partial<Filters>): void {
    filters = { ...filters, ...changes };
    const fragment = fragmentOf(filters);
    history.replaceState(null, '', fragment === '' ? location.pathname : `#${fragment}`);
    if (Object.keys(changes).some((name) => name !== 'view')) reader.load(filters);
    draw();
  }

  /** Keeps one subscription for the present caller, unless the page is paused. */
  function keepFollowing(): void {
    const found = access.now();
    const key = found.is === 'open' && live.is !== 'paused' ? `${found.caller.id} ${String(withAccounts())}` : '';
    if ((following?.key ?? '') === key) return;
    following?.stop();
    following = null;
    if (key === '') return;
    const stop = follow({
      url: endpoint.replace(/^http/, 'ws'),
      document: addedDocument(names, withAccounts()),
      authorization: () => callers.authorization(callerId()),
      onToken: callers.subscribe,
      onEvent: reader.add,
      onBegin: () => reader.load(filters),
      onState(state) {
        if (live.is !== 'paused') live = state;
        // Without a socket, the page still shows what it can read.
        if (state.is === 'waiting' && !reader.now().counts) reader.load(filters);
        drawSoon();
      },
    });
    following = { key, stop };
  }

  function draw(): void {
    const found = access.now();
    keepFollowing();
    if (found.is === 'closed') {
      const key = JSON.stringify(found.notice);
      if (key !== noticeOf) host.replaceChildren(view.header, element('main', {}, noticeCard(found.notice)));
      noticeOf = key;
      view.drawHeader(null, live);
      return;
    }
    if (noticeOf !== '' || view.root.parentNode === null) host.replaceChildren(view.header, view.root);
    noticeOf = '';
    view.drawHeader({ label: textOfOthers(found.caller.label), withAccounts: withAccounts() }, live);
    view.draw(reader.now(), filters, groupsFor(filters.type), withAccounts());
  }
  const drawSoon = atMostEvery(drawMs, draw);

  window.addEventListener('hashchange', () => {
    filters = readFilters(location.hash);
    reader.load(filters);
    draw();
  });
  setInterval(reader.tick, 5_000);
  setInterval(() => {
    if (access.now().is === 'open' && live.is !== 'paused' && !document.hidden) reader.load(filters);
  }, reloadMs);
  draw();
}

function save(name: string, text: string, format: 'csv' | 'json'): void {
  const url = URL.createObjectURL(new Blob([text], { type: format === 'csv' ? 'text/csv' : 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

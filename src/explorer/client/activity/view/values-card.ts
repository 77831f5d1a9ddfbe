import { type Counts, type Member } from '../data/counts.ts';
import { numberText } from '../data/summary.ts';
import { element } from './dom.ts';

/** A list of the most frequent values of a member. */
export interface ValuesCard {
  readonly root: HTMLElement;
  readonly draw: (counts: Counts) => void;
}

const most = 10;
/** The columns: the types that have their own. */
const columns = [
  ['Denials', 'DENIAL'],
  ['Shadow denials', 'SHADOW_DENIAL'],
] as const;

/**
 * Makes the card of a member.
 *
 * @param onChoose filters by a value; null: the page has no such filter
 */
export function createValuesCard(
  { member, title, column, empty }: { member: Member; title: string; column: string; empty: string },
  onChoose: ((value: string) => void) | null,
): ValuesCard {
  const body = element('tbody');
  let drawn = '';
  const heads = [column, ...columns.map(([label]) => label), 'All events'];
  const table = element(
    'table',
    {},
    element('caption', { class: 'unseen' }, title),
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    body,
  );
  const nothing = element('p', { class: 'quiet' }, empty);
  const frame = element('div', { class: 'frame', tabindex: 0, role: 'region', 'aria-label': `${title}, table` }, table);
  const id = `values-${member}`;
  const root = element(
    'section',
    { class: 'card values', 'aria-labelledby': id },
    element('h2', { id }, title),
    nothing,
    frame,
  );

  return {
    root,
    draw(counts) {
      const rows = [...counts.values(member)]
        .map(([value, byType]) => ({
          value,
          byType,
          all: [...byType.values()].reduce((sum, count) => sum + count, 0),
          denied: columns.reduce((sum, [, type]) => sum + (byType.get(type) ?? 0), 0),
        }))
        .toSorted((one, other) => other.denied - one.denied || other.all - one.all)
        .slice(0, most);
      nothing.hidden = rows.length > 0;
      frame.hidden = rows.length === 0;
      const key = JSON.stringify(rows.map(({ value, all, denied }) => [value, all, denied]));
      if (key === drawn) return;
      drawn = key;
      const focused = document.activeElement?.closest('tr')?.dataset['value'];
      body.replaceChildren(
        ...rows.map(({ value, byType, all }) =>
          element(
            'tr',
            { 'data-value': value },
            element('th', { scope: 'row' }, onChoose ? chooser(value, onChoose) : value),
            ...[...columns.map(([, type]) => byType.get(type) ?? 0), all].map((count) =>
              element('td', { class: count ? 'some' : 'none' }, numberText(count)),
            ),
          ),
        ),
      );
      if (focused === undefined) return;
      const again = [...body.rows].find(({ dataset }) => dataset['value'] === focused);
      again?.querySelector('button')?.focus();
    },
  };
}

function chooser(value: string, onChoose: (value: string) => void): HTMLElement {
  return element(
    'button',
    { type: 'button', class: 'link', title: 'Show only this', onclick: () => onChoose(value) },
    value,
  );
}

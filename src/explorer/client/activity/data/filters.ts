import { type Range, ranges } from './ranges.ts';

/** What the page shows. It is kept in the fragment of the address, and contains no token. */
export interface Filters {
  readonly range: Range;
  /** The type of the events, as the schema spells it. Empty: all. */
  readonly type: string;
  /** Empty: all. */
  readonly coordinate: string;
  /** A client ID. Empty: all. */
  readonly client: string;
  /** The global ID of an account. Empty: all. */
  readonly account: string;
  readonly view: 'chart' | 'table';
}

const texts = ['type', 'coordinate', 'client', 'account'] as const;
const maxLength = 300;

/** Reads the filters from the fragment of an address. A value that is not known counts as absent. */
export function readFilters(fragment: string): Filters {
  const given = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = (name: string) => (given.get(name) ?? '').slice(0, maxLength);
  return {
    range: ranges.find(({ id }) => id === given.get('range')) ?? ranges[1],
    type: /^[A-Z_]{1,60}$/.test(text('type')) ? text('type') : '',
    coordinate: text('coordinate'),
    client: text('client'),
    account: text('account'),
    view: given.get('view') === 'table' ? 'table' : 'chart',
  };
}

/** Returns the fragment for filters, without `#`. Defaults are left out. */
export function fragmentOf({ range, view, ...given }: Filters): string {
  const written = new URLSearchParams();
  if (range.id !== ranges[1].id) written.set('range', range.id);
  for (const name of texts) if (given[name] !== '') written.set(name, given[name]);
  if (view !== 'chart') written.set('view', view);
  return written.toString();
}

import { type Filters } from '../data/filters.ts';
import { ranges } from '../data/ranges.ts';
import { eventTypes } from '../data/types.ts';
import { element } from './dom.ts';
import { typeLabel } from './events-card.ts';

/** The controls above the charts. */
export interface Controls {
  readonly root: HTMLElement;
  /** Makes the controls show filters. */
  readonly draw: (filters: Filters, withAccounts: boolean) => void;
}

interface ControlsOptions {
  readonly onChange: (changes: Partial<Filters>) => void;
  readonly onDownload: (format: 'csv' | 'json') => void;
}

const fields = [
  ['coordinate', 'Coordinate', 'Query.orders'],
  ['client', 'Client ID', ''],
  ['account', 'Account ID', ''],
] as const;

/** Makes the controls. */
export function createControls({ onChange, onDownload }: ControlsOptions): Controls {
  const rangeButtons = ranges.map((range) =>
    element('button', { type: 'button', onclick: () => onChange({ range }) }, range.label),
  );
  const views = (['chart', 'table'] as const).map((view) => ({
    view,
    button: element(
      'button',
      { type: 'button', onclick: () => onChange({ view }) },
      view === 'chart' ? 'Chart' : 'Table',
    ),
  }));
  const type = element(
    'select',
    { id: 'filter-type', onchange: () => onChange({ type: type.value }) },
    element('option', { value: '' }, 'All types'),
    ...eventTypes.map((name) => element('option', { value: name }, typeLabel(name))),
  );
  const inputs = fields.map(([name, label, placeholder]) => {
    const input = element('input', {
      id: `filter-${name}`,
      placeholder,
      maxlength: 300,
      autocomplete: 'off',
      spellcheck: 'false',
      autocapitalize: 'off',
      onchange: () => onChange({ [name]: input.value.trim() }),
    });
    return { name, input, root: element('div', { class: 'field' }, element('label', { for: input.id }, label), input) };
  });
  const clear = element(
    'button',
    { type: 'button', onclick: () => onChange({ type: '', coordinate: '', client: '', account: '' }) },
    'Clear filters',
  );
  const form = element(
    'form',
    { class: 'filters', onsubmit: (event) => event.preventDefault() },
    element('div', { class: 'field' }, element('label', { for: 'filter-type' }, 'Type'), type),
    ...inputs.map(({ root }) => root),
    clear,
  );
  const root = element(
    'div',
    { class: 'controls' },
    element('div', { class: 'choice', role: 'group', 'aria-label': 'Range' }, ...rangeButtons),
    element('div', { class: 'choice', role: 'group', 'aria-label': 'View' }, ...views.map(({ button }) => button)),
    element(
      'div',
      { class: 'choice', role: 'group', 'aria-label': 'Download what is shown' },
      element('button', { type: 'button', onclick: () => onDownload('csv') }, 'CSV'),
      element('button', { type: 'button', onclick: () => onDownload('json') }, 'JSON'),
    ),
    form,
  );

  return {
    root,
    draw(filters, withAccounts) {
      for (const [index, button] of rangeButtons.entries()) {
        button.setAttribute('aria-pressed', String(ranges[index]?.id === filters.range.id));
      }
      for (const { view, button } of views) button.setAttribute('aria-pressed', String(view === filters.view));
      type.value = filters.type;
      for (const { name, input, root } of inputs) {
        if (document.activeElement !== input) input.value = filters[name];
        if (name === 'account') root.hidden = !withAccounts && filters.account === '';
      }
      clear.disabled = !filters.type && !filters.coordinate && !filters.client && !filters.account;
    },
  };
}

import type { SettingsScope } from '../../settings.ts';
import { element } from '../element.ts';

/** The scopes that are chosen at first, where the server has them. The frame can use what the person grants. */
const chosenAtFirst: ReadonlySet<string> = new Set(['profile']);

/** A choice of scopes for the sign-in. */
export interface ScopeChoice {
  readonly element: HTMLElement;
  chosen(): readonly string[];
  /** Hides the list. */
  close(): void;
}

/** Makes a list of all scopes that opens on demand. */
export function createScopeChoice(scopes: readonly SettingsScope[]): ScopeChoice {
  const boxes = scopes.map(({ name, description }) => {
    const box = element('input', { type: 'checkbox', value: name, checked: chosenAtFirst.has(name) });
    const text = element('span', {}, element('code', {}, name), ` ${description}`);
    return { box, row: element('label', {}, box, text) };
  });
  const summary = element('summary', {});
  const chosen = (): readonly string[] => boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
  const count = (): void => {
    summary.textContent = `Scopes (${chosen().length})`;
  };
  const list = element(
    'fieldset',
    {},
    element('legend', {}, 'What this page may do as you'),
    element(
      'p',
      { className: 'quiet' },
      'The page in the frame is Apollo’s. It gets no token, but it can use these scopes.',
    ),
    ...boxes.map(({ row }) => row),
  );
  list.addEventListener('change', count);
  count();
  const details = element('details', { className: 'scopes' }, summary, list);
  details.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    details.open = false;
    summary.focus();
  });
  return {
    element: details,
    chosen,
    close() {
      details.open = false;
    },
  };
}

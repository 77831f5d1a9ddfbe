import { element } from './dom.ts';

/** What the page shows in place of the activity. */
export interface Notice {
  readonly title: string;
  readonly texts: readonly string[];
  /** The buttons. The first one is the main one. */
  readonly actions: readonly { readonly label: string; readonly run: () => void }[];
  /** An address for the case that the browser blocked the window. */
  readonly link?: { readonly label: string; readonly url: string };
}

/** Draws a notice. */
export function noticeCard({ title, texts, actions, link }: Notice): HTMLElement {
  return element(
    'section',
    { class: 'card notice', 'aria-labelledby': 'notice' },
    element('h2', { id: 'notice', tabindex: -1 }, title),
    ...texts.map((text) => element('p', {}, text)),
    link ? element('p', {}, element('a', { href: link.url, target: '_blank', rel: 'noopener' }, link.label)) : null,
    element(
      'div',
      { class: 'actions' },
      ...actions.map(({ label, run }, index) =>
        element('button', { type: 'button', class: index === 0 ? 'main' : '', onclick: run }, label),
      ),
    ),
  );
}

import type { Caller, Callers } from '../../session/caller.ts';
import type { Settings } from '../../settings.ts';
import { element } from '../element.ts';
import type { PresentCaller } from '../present-caller.ts';
import { createScopeChoice } from './scope-choice.ts';

interface BarOptions {
  readonly settings: Settings;
  readonly callers: Callers;
  readonly present: PresentCaller;
}

/** The bar above the frame. */
export interface Bar {
  readonly element: HTMLElement;
  /** Shows who is signed in now. */
  draw(): void;
  /** Shows a message until the next one. */
  say(text: string): void;
  /** Removes a message, if it is the one that is shown. */
  forget(text: string): void;
}

/** Makes the bar: the caller, the buttons to sign in and out, and the link to the explorer. */
export function createBar({ settings, callers, present }: BarOptions): Bar {
  const who = element('p', { className: 'who' });
  const notice = element('p', { className: 'notice' });
  notice.setAttribute('role', 'status');
  const actions = element('div', { className: 'actions' });
  const scopes = createScopeChoice(settings.scopes);
  const signIn = button('Sign in', 'first', () => run(() => present.signIn(scopes.chosen())));
  const signOut = button('Sign out', 'second', () => run(() => present.signOut()));
  const cancel = button('Cancel the sign-in', 'second', () => callers.cancel());
  const explorer = element('a', { href: '/explorer' }, 'Explorer');

  const say = (text: string): void => {
    notice.textContent = text;
    notice.hidden = text === '';
  };

  async function run(action: () => Promise<void>): Promise<void> {
    scopes.close();
    try {
      await action();
      say('');
    } catch (error) {
      say(error instanceof Error ? error.message : 'This did not work. Try again.');
    }
    draw();
  }

  function draw(): void {
    const caller = present.get();
    const pending = callers.pending();
    who.replaceChildren(...describe(caller));
    signIn.textContent = caller ? 'Sign in again' : 'Sign in';
    if (pending) {
      const link = element(
        'a',
        { href: pending.url, target: '_blank', rel: 'noopener noreferrer' },
        'Open the sign-in window',
      );
      actions.replaceChildren(link, cancel);
    } else if (location.origin !== settings.publicUrl) {
      actions.replaceChildren(
        element('a', { href: settings.publicUrl + settings.endpoint }, `Sign in at ${settings.publicUrl}`),
      );
    } else {
      actions.replaceChildren(...(settings.signIn ? [scopes.element, signIn] : []), ...(caller ? [signOut] : []));
    }
  }

  callers.subscribe(draw);
  draw();
  say(
    settings.signIn
      ? ''
      : `${settings.signInFault ?? 'This server has no sign-in.'} Set the header Authorization in Sandbox.`,
  );
  return {
    element: element(
      'header',
      { className: 'bar' },
      element('h1', {}, 'Apollo Sandbox'),
      who,
      actions,
      ...(settings.explorer ? [explorer] : []),
      notice,
    ),
    draw,
    say,
    forget: (text) => {
      if (notice.textContent === text) say('');
    },
  };
}

function describe(caller: Caller | null): readonly (Node | string)[] {
  if (!caller) return ['Not signed in'];
  const scopes = caller.scopes.length === 0 ? 'no scope' : caller.scopes.join(' ');
  if (caller.state === 'ended') return [caller.reason ?? `${caller.label} is signed out`];
  const reason = caller.reason === null ? '' : ` · ${caller.reason}`;
  return [
    'Signed in as ',
    element('strong', {}, caller.label),
    element('span', { className: 'quiet' }, ` · ${scopes}${reason}`),
  ];
}

function button(text: string, className: string, onClick: () => unknown): HTMLButtonElement {
  const made = element('button', { type: 'button', className }, text);
  made.addEventListener('click', () => void onClick());
  return made;
}

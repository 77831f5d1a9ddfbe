import { element } from './element.ts';
import { frameOrigin } from './frame/messages.ts';

interface UnreachableOptions {
  /** The absolute address of the API endpoint. */
  readonly endpoint: string;
  /** Whether the server serves `/explorer`. */
  readonly hasExplorer: boolean;
  readonly onRetry: () => void;
}

/** The advice that covers a frame that does not answer. */
export interface Unreachable {
  readonly element: HTMLElement;
  /** Says why the frame does not answer. */
  say(reason: string): void;
}

/** Makes the advice for a person whose browser does not reach the page of Apollo Sandbox. */
export function createUnreachable({ endpoint, hasExplorer, onRetry }: UnreachableOptions): Unreachable {
  const reason = element('p', { id: 'reason' });
  const retry = element('button', { type: 'button', className: 'second' }, 'Try again');
  retry.addEventListener('click', onRetry);
  const explorer = element('a', { href: '/explorer', className: 'button' }, 'Open the explorer');
  const command = `curl ${endpoint} \\
  -H 'content-type: application/json' \\
  -H "authorization: Bearer $TOKEN" \\
  -d '{"query":"{ __typename }"}'`;
  return {
    element: element(
      'section',
      { className: 'unreachable' },
      element('h2', {}, 'Apollo Sandbox is not reachable'),
      reason,
      ...(hasExplorer
        ? [element('p', {}, 'The explorer of this server needs no other server and works offline.')]
        : []),
      element('p', { className: 'actions' }, ...(hasExplorer ? [explorer] : []), retry),
      element(
        'p',
        {},
        'In a terminal, ',
        element('code', {}, 'npm run sign-in'),
        ' gets a token, and this sends an operation:',
      ),
      element('pre', { tabIndex: 0 }, element('code', {}, command)),
    ),
    say(why) {
      reason.textContent = `The page in this frame comes from ${new URL(frameOrigin).host}. ${why}`;
    },
  };
}

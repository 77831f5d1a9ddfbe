import { authorizedFetch } from '../session/authorized-fetch.ts';
import { browserEnvironment, onWake } from '../session/browser.ts';
import { createCallers } from '../session/callers.ts';
import type { SandboxSettings } from '../settings.ts';
import { type Bar, createBar } from './bar/bar.ts';
import { element } from './element.ts';
import { createFrame, type SandboxFrame } from './frame/frame.ts';
import { frameOrigin } from './frame/messages.ts';
import { createPresentCaller } from './present-caller.ts';
import { watchReach } from './frame/reach.ts';
import { relayMessages } from './frame/relay.ts';
import { type Credential, createHandleRequest } from './frame/requests.ts';
import { createSubscriptions, type MessageToFrame } from './frame/subscriptions.ts';
import { createUnreachable } from './unreachable.ts';

/** Shows the page: the bar, and the frame. If the frame does not answer, advice covers it. */
export function showSandbox(app: HTMLElement, settings: SandboxSettings): void {
  const environment = browserEnvironment('sandbox');
  const callers = createCallers(settings, environment);
  const present = createPresentCaller(callers);
  const bar = createBar({ settings, callers, present });
  // The person may have opened another name of the same server. The policy allows this page its own origin only.
  const endpoint = new URL(settings.endpoint, location.origin).href;
  const addresses = { endpoint, subscriptions: endpoint.replace(/^http/, 'ws') };
  const stage = element('main', { className: 'stage' });
  let frame: SandboxFrame | null = null;
  let endFrame = (): void => {};

  const post = (message: MessageToFrame): void => frame?.element.contentWindow?.postMessage(message, frameOrigin);
  const onCredential = (credential: Credential): void => {
    if (credential === 'typed' && present.get()) bar.say(typedWins);
    else if (credential === 'caller') bar.forget(typedWins);
  };
  const subscriptions = createSubscriptions({
    url: addresses.subscriptions,
    authorization: async () => {
      const caller = present.get();
      return caller && callers.authorization(caller.id);
    },
    post,
    onCredential,
  });
  callers.subscribe(() => void subscriptions.renew());

  function show(): void {
    endFrame();
    const unreachable = createUnreachable({ endpoint, hasExplorer: settings.explorer, onRetry: show });
    const waiting = element('p', { className: 'waiting' }, `Waiting for ${new URL(frameOrigin).host} …`);
    const reach = watchReach({
      isOnline: () => navigator.onLine,
      after: environment.after,
      onChange: (now) => {
        if (now.state === 'silent') unreachable.say(now.reason);
        waiting.hidden = now.state !== 'waiting';
        unreachable.element.hidden = now.state !== 'silent';
        frame?.element.classList.toggle('covered', now.state === 'silent');
      },
    });
    const endRelay = relayMessages({
      page: window,
      frame: () => frame?.element.contentWindow ?? null,
      addresses,
      post,
      subscriptions,
      onMessage: () => reach.heard(),
      onWithheld: (names) => reportWithheld(bar, names),
    });
    const made = createFrame({
      addresses,
      firstDocument: settings.firstDocument,
      handleRequest: createHandleRequest({
        endpoint,
        fetch: environment.fetch,
        fetchAsCaller: () => {
          const caller = present.get();
          return caller && authorizedFetch(callers, caller.id, environment.fetch);
        },
        onCredential,
      }),
    });
    frame = made;
    made.element.addEventListener('load', () => reach.loaded());
    stage.replaceChildren(waiting, unreachable.element, made.element);
    endFrame = () => {
      reach.end();
      endRelay();
      made.dispose();
      subscriptions.end(null);
    };
  }

  app.append(bar.element, stage);
  show();
  window.addEventListener('online', () => {
    if (frame?.element.classList.contains('covered')) show();
  });
  onWake(() => callers.wake());
  // The policy allows no request to another name of this server.
  if (location.origin === settings.publicUrl) void present.signInSilently().then(() => bar.draw());
}

const typedWins =
  'Sandbox sent a header Authorization of its own. It takes precedence: these operations do not run as the signed-in caller.';

function reportWithheld(bar: Bar, names: readonly string[]): void {
  if (names.length === 0) return;
  bar.say(`This page does not send these headers of Sandbox: ${names.join(', ')}. Use curl or the explorer for them.`);
}

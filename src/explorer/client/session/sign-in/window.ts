import { type Channel, type Environment, type PendingSignIn, SessionError } from '../caller.ts';
import { messageOf } from '../text.ts';
import type { BegunSignIn } from './flow.ts';
import { type AuthorizationResponse, channelName, responseOfMessage } from './response.ts';

/** Waits for the answers of sign-in windows. One sign-in is open at a time. */
export interface SignInWindows {
  /** Opens the window of a sign-in and waits for its answer. @throws SessionError */
  readonly ask: (begun: BegunSignIn) => Promise<AuthorizationResponse>;
  readonly pending: () => PendingSignIn | null;
  /** Gives up the open sign-in. @param reason the message of its error */
  readonly cancel: (reason: string) => void;
}

/** Makes the object that opens sign-in windows. @param changed is called when `pending` changes */
export function signInWindows(
  { open, channel, after, now }: Pick<Environment, 'open' | 'channel' | 'after' | 'now'>,
  changed: () => void,
): SignInWindows {
  let present: { readonly shown: PendingSignIn; readonly giveUp: (reason: string) => void } | null = null;

  return {
    pending: () => present?.shown ?? null,
    cancel: (reason) => present?.giveUp(reason),

    ask(begun) {
      present?.giveUp('Another sign-in was begun.');
      return new Promise((resolve, reject) => {
        const replies: Channel = channel(channelName(begun.state));
        const stopTimer = after(begun.lifetimeMs, () => finish('The sign-in was not finished in time. Begin again.'));
        const self = {
          shown: { url: begun.url, endsAt: now() + begun.lifetimeMs },
          giveUp: (reason: string) => finish(reason),
        };
        function finish(outcome: AuthorizationResponse | string): void {
          if (present === self) present = null;
          stopTimer();
          replies.close();
          if (typeof outcome === 'string') reject(new SessionError(outcome));
          else resolve(outcome);
          changed();
        }
        replies.listen((message) => {
          const response = responseOfMessage(message);
          if (response?.state !== begun.state) return;
          // The callback page says that it can be closed.
          replies.post({ received: true });
          finish(response);
        });
        present = self;
        changed();
        // If the browser blocks the window, the person uses the link of `pending`.
        try {
          open(begun.url);
        } catch (error) {
          finish(`The sign-in window could not be opened: ${messageOf(error)}`);
        }
      });
    },
  };
}

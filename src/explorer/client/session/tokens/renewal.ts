import { SessionError } from '../caller.ts';
import type { Flow } from '../sign-in/flow.ts';
import { decodeJwt } from './encoding.ts';
import { receive } from './received.ts';
import type { Held, Registry } from '../registry.ts';
import { pauseAfterFailures } from './renewal-times.ts';
import { messageOf } from '../text.ts';
import type { IssuedTokens } from './token-mutations.ts';

/** Renews the tokens of callers. */
export interface Renewal {
  /** Renews the tokens of a caller. Calls at the same time share one renewal. @throws SessionError */
  readonly renew: (id: string) => Promise<void>;
  /** Renews like `renew`. The present token is not used again. Throws no error: the state of the caller says it. */
  readonly renewDoubtful: (id: string) => void;
  /** Ends a caller: its tokens are forgotten, and its state says why. */
  readonly end: (id: string, reason: string) => void;
}

interface RenewalOptions {
  readonly registry: Registry;
  readonly flow: Flow | null;
  /** Signs in without a window. @throws SessionError */
  readonly silently: (scopes: readonly string[]) => Promise<IssuedTokens | null>;
  readonly now: () => number;
  /** Returns a number from 0 to 1. */
  readonly jitter: () => number;
}

/** Makes the object that renews the tokens of callers. */
export function createRenewal({ registry, flow, silently, now, jitter }: RenewalOptions): Renewal {
  function end(id: string, reason: string): void {
    registry.hold(id, null);
    registry.change(id, { state: 'ended', reason });
  }

  async function renewOnce(id: string): Promise<void> {
    const held = registry.heldBy(id);
    if (!held || !flow) throw new SessionError(registry.find(id)?.reason ?? 'This caller has no token to renew.');
    if (held.refreshToken === null) {
      end(id, 'The access token is no longer accepted, and there is no refresh token. Sign in again.');
      throw new SessionError('There is no refresh token. Sign in again.');
    }
    registry.change(id, { state: 'renewing' });
    const sentAt = now();
    const requested = registry.signInOf(id)?.requested ?? [];
    try {
      const tokens = (await withoutRefreshToken(id, held)) ?? (await flow.refresh(held.refreshToken));
      // RFC 6749 §6: without a new refresh token, the present one stays valid.
      const refreshToken = tokens.refreshToken ?? held.refreshToken;
      const received = receive({ ...tokens, refreshToken }, { sentAt, jitter: jitter(), requested });
      // The caller may have been removed or replaced during the request.
      if (registry.heldBy(id) !== held) return forget(tokens.accessToken);
      registry.hold(id, received.held);
      registry.change(id, received.caller);
    } catch (error) {
      if (registry.heldBy(id) !== held) return;
      if (error instanceof SessionError && error.isTemporary) {
        held.failures += 1;
        held.isRefreshTokenUsed = 'perhaps';
        held.renewsAt = now() + pauseAfterFailures(held.failures, jitter());
        registry.change(id, { state: 'ready', reason: `Not renewed yet: ${messageOf(error)}` });
      } else {
        end(id, `The sign-in has ended and was not renewed: ${messageOf(error)} Sign in again.`);
      }
      throw error;
    }
  }

  /**
   * Gets new tokens by the sign-in of the browser, if the answer of an earlier renewal was lost. The refresh token may be
   * used then, and the server ends the grant if it is sent again. Null: the browser is not signed in as this person.
   */
  async function withoutRefreshToken(id: string, { isRefreshTokenUsed }: Held): Promise<IssuedTokens | null> {
    const { claims } = registry.find(id) ?? {};
    const signIn = registry.signInOf(id);
    // Without `sid`, the session in which this person signed in had ended before.
    if (isRefreshTokenUsed === 'no' || claims?.['sid'] === undefined || !signIn) return null;
    const tokens = await silently(signIn.requested).catch((error: unknown) => {
      if (error instanceof SessionError && error.isTemporary) throw error;
      return null;
    });
    if (!tokens || decodeJwt(tokens.accessToken)?.claims['sub'] === signIn.subject) return tokens;
    await forget(tokens.accessToken);
    return null;
  }

  async function forget(accessToken: string): Promise<void> {
    if (flow?.revokesAccessTokens) await flow.revoke(accessToken).catch(() => {});
  }

  function renew(id: string): Promise<void> {
    const held = registry.heldBy(id);
    if (!held) return renewOnce(id);
    if (held.renewal) return held.renewal;
    // The renewal is stored before it tells the listeners of the callers. Otherwise a listener that needs the token would
    // begin another renewal, and the server ends a grant whose refresh token is sent twice.
    let begin = (): void => {};
    held.renewal = new Promise<void>((resolve, reject) => {
      begin = () => void renewOnce(id).then(resolve, reject);
    }).finally(() => {
      held.renewal = null;
    });
    begin();
    return held.renewal;
  }

  return {
    renew,
    end,
    renewDoubtful(id) {
      const held = registry.heldBy(id);
      if (held) held.isDoubtful = true;
      renew(id).catch(() => {});
    },
  };
}

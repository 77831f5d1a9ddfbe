import { type Callers, type Environment, SessionError } from '../caller.ts';
import { expiredReason } from '../pasted.ts';
import type { Held, Registry } from '../registry.ts';
import type { Renewal } from './renewal.ts';

interface Upkeep extends Pick<Callers, 'authorization' | 'dispose'> {
  /** Renews what is due and ends what has expired. */
  readonly check: () => void;
  /** Renews a token that the server refused. @throws SessionError */
  readonly renewRefused: (id: string) => Promise<void>;
  /** Returns the secrets of a caller whose token cannot be renewed. */
  readonly heldWithoutRenewal: (accessToken: string) => Held;
}

interface UpkeepOptions {
  readonly registry: Registry;
  readonly renewal: Renewal;
  readonly environment: Pick<Environment, 'now' | 'after'>;
}

/** The longest pause between two checks, in milliseconds. After a sleep of the machine, a check comes this soon. */
const longestPauseMs = 20_000;
const shortestPauseMs = 1_000;

/** Keeps the tokens of all callers usable. */
export function createUpkeep({ registry, renewal, environment: { now, after } }: UpkeepOptions): Upkeep {
  let stopTimer: (() => void) | null = null;
  let isDisposed = false;

  function check(): void {
    for (const { id, kind, state, expiresAt } of registry.list()) {
      const held = registry.heldBy(id);
      if (kind === 'pasted' && state === 'ready') {
        const reason = expiredReason(expiresAt, now());
        if (reason !== null) renewal.end(id, reason);
      } else if (held && held.renewsAt !== null && held.renewsAt <= now()) {
        renewal.renew(id).catch(() => {}); // The state of the caller says what failed.
      } else if (held && held.refreshToken === null && expiresAt !== null && expiresAt <= now()) {
        renewal.end(id, 'The access token has expired, and there is no refresh token. Sign in again.');
      }
    }
    schedule();
  }

  function schedule(): void {
    stopTimer?.();
    stopTimer = null;
    const times = registry.list().flatMap(({ id, expiresAt, state }) => {
      const time = registry.heldBy(id)?.renewsAt ?? expiresAt;
      return state === 'ended' || time === null ? [] : [time];
    });
    if (isDisposed || times.length === 0) return;
    const pauseMs = Math.min(Math.max(Math.min(...times) - now(), shortestPauseMs), longestPauseMs);
    stopTimer = after(pauseMs, check);
  }

  registry.subscribe(schedule);

  return {
    check,
    dispose() {
      isDisposed = true;
      stopTimer?.();
    },

    async authorization(id) {
      const caller = registry.find(id);
      if (!caller) throw new SessionError('This caller was removed.');
      if (caller.kind === 'anonymous') return null;
      const held = registry.heldBy(id);
      if (!held) throw new SessionError(caller.reason ?? 'This caller has ended.');
      if (held.isDoubtful) await renewal.renew(id);
      else if (held.aboutToExpireAt !== null && held.aboutToExpireAt <= now()) await renewIfPossible(id);
      const present = registry.heldBy(id);
      if (!present) throw new SessionError(registry.find(id)?.reason ?? 'This caller was removed.');
      return `Bearer ${present.accessToken}`;
    },

    async renewRefused(id) {
      const caller = registry.find(id);
      if (caller?.kind !== 'signed-in') throw new SessionError('Only a caller that signed in can be renewed.');
      const held = registry.heldBy(id);
      if (held) held.isDoubtful = true;
      await renewal.renew(id);
    },

    heldWithoutRenewal: (accessToken) => ({
      accessToken,
      refreshToken: null,
      renewsAt: null,
      aboutToExpireAt: null,
      failures: 0,
      isRefreshTokenUsed: 'no',
      renewal: null,
      isDoubtful: false,
    }),
  };

  /** Renews a token. If this fails for a temporary reason, the token is used as long as it is valid. */
  async function renewIfPossible(id: string): Promise<void> {
    try {
      await renewal.renew(id);
    } catch (error) {
      const isUsable = (registry.find(id)?.expiresAt ?? 0) > now();
      if (!(error instanceof SessionError && error.isTemporary && isUsable)) throw error;
    }
  }
}

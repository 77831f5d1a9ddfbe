/** Whether the page in the frame has answered. */
export type Reach =
  | { readonly state: 'waiting' }
  | { readonly state: 'ready' }
  /** The frame may still answer later. */
  | { readonly state: 'silent'; readonly reason: string };

/** How long the page in the frame may take after the browser reports that it has loaded, in milliseconds. */
export const afterLoadMs = 2_500;
/** How long the browser may take to load it, in milliseconds. */
export const longestLoadMs = 8_000;

interface ReachOptions {
  /** Whether the browser says that it has a network. */
  readonly isOnline: () => boolean;
  /** Runs a function once after a time in milliseconds. Returns a function that prevents this. */
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly onChange: (reach: Reach) => void;
}

/** Watches one frame. */
export interface ReachWatch {
  /** The browser reports that the frame has loaded. It reports the same for its own page about a missing network. */
  loaded(): void;
  /** The page in the frame has sent a message. */
  heard(): void;
  end(): void;
}

/**
 * Finds out whether the page in the frame is reachable. The only proof is a message of it: no script can tell the page
 * of the frame from the browser's own page about a failure, and the policy of this page allows no request to another
 * origin.
 */
export function watchReach({ isOnline, after, onChange }: ReachOptions): ReachWatch {
  let isHeard = false;
  let stop = after(isOnline() ? longestLoadMs : 0, () => silent());
  onChange({ state: 'waiting' });

  function silent(): void {
    if (isHeard) return;
    onChange({
      state: 'silent',
      reason: isOnline()
        ? 'It did not answer in time. It may be blocked, or there may be no network.'
        : 'This browser has no network connection.',
    });
  }

  return {
    loaded() {
      if (isHeard) return;
      stop();
      stop = after(isOnline() ? afterLoadMs : 0, silent);
    },
    heard() {
      if (isHeard) return;
      isHeard = true;
      stop();
      onChange({ state: 'ready' });
    },
    end() {
      isHeard = true;
      stop();
    },
  };
}

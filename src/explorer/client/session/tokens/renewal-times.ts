// All times are in milliseconds of this browser's clock. The clock of the server is not used: its lifetimes count from
// the moment at which the request for the token was sent.

/** The share of the lifetime after which a token is renewed. */
const earliestShare = 0.7;
/** The share that differs from caller to caller, so that the tabs of many people do not renew at the same time. */
const jitterShare = 0.15;
/** A token with less than this share of its lifetime left is renewed before it is used. */
const lastShare = 0.15;
const longestLeadMs = 30_000;

/** Returns when a token is renewed in the background. @param jitter from 0 to 1 */
export function renewsAt(issuedAt: number, lifetimeMs: number, jitter: number): number {
  return issuedAt + lifetimeMs * (earliestShare + jitterShare * jitter);
}

/** Returns the time after which a token is renewed before it is used. */
export function aboutToExpireAt(issuedAt: number, lifetimeMs: number): number {
  return issuedAt + lifetimeMs - Math.min(longestLeadMs, lifetimeMs * lastShare);
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Returns the pause after a renewal that failed for a temporary reason. @param jitter from 0 to 1 */
export function pauseAfterFailures(failures: number, jitter: number): number {
  return Math.min(firstPauseMs * 2 ** Math.max(0, failures - 1), longestPauseMs) * (0.75 + 0.5 * jitter);
}

interface Bound {
  readonly entries: number;
  /** Of heap, estimated from above. */
  readonly bytes: number;
  readonly grownBy: 'anyone' | 'account' | 'operator';
  readonly holds: string;
}

/** What this room keeps for longer than a request, as far as callers can make it grow. Each takes its bounds from here. */
export const observeCaches: Readonly<Record<'denialSeries' | 'shadowPairs', Bound>> = {
  denialSeries: {
    entries: 1_000,
    bytes: 8 * 1024 * 1024,
    grownBy: 'account',
    holds: 'the series of `claimgate_denials_total`, by coordinate and client; all others are one series',
  },
  shadowPairs: {
    entries: 1_000,
    bytes: 8 * 1024 * 1024,
    grownBy: 'account',
    holds: 'how often rules in shadow mode would have denied, by coordinate and client; all others are one line',
  },
};

/** The longest client ID that is told apart, in characters: an issuer elsewhere may make them as long as a token. */
const longestClientId = 256;

/** Whether a client may have an entry of its own. */
export function isToldApart(clientId: string | null): boolean {
  return clientId === null || clientId.length <= longestClientId;
}

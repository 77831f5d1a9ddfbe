/** The bounds of a structure that lives longer than a request. */
interface Bound {
  readonly entries: number;
  /** An upper estimate of the heap memory that the structure uses. */
  readonly bytes: number;
  readonly grownBy: 'anyone' | 'account' | 'operator';
  readonly holds: string;
}

/**
 * The long-lived structures of this room that callers can make grow. The code of each structure reads its bound here.
 */
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

/** The longest client ID that is counted separately, in characters. Client IDs of foreign issuers may be very long. */
const maxClientIdLength = 256;

/** Whether a client may have its own entry. Null: a caller without a client. */
export function isCountedSeparately(clientId: string | null): boolean {
  return clientId === null || clientId.length <= maxClientIdLength;
}

import type { CodeInput } from '../support/client.ts';

/** Tokens that a client has received in whole. */
export interface Acknowledged {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: string;
  /** Claims of the access token. */
  readonly grant: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What came of handing in a code or a refresh token: `lost` where no answer came, or one that says that the server could not. */
export type Outcome = 'tokens' | 'refused' | 'lost';

/** Something that is good for one use. */
export interface SingleUse {
  readonly kind: 'code' | 'refresh token';
  readonly secret: string;
  readonly account: string;
  /** Of a refresh token. */
  readonly grant?: string;
  /** What a code is exchanged with. */
  readonly input?: CodeInput;
  /** Milliseconds since the epoch: a code is good for as long. */
  readonly expiresAt: number;
  /** In order, with when each came to its end. */
  readonly uses: readonly { readonly outcome: Outcome; readonly at: number }[];
}

/** Why tokens count no more. `endedAt` is undefined where nobody knows whether it came about. Milliseconds since the epoch. */
export interface Ending {
  /** A grant that was taken back or whose token was used again, or an account that lost the role of its guarded scopes. */
  readonly of: { readonly grant: string } | { readonly account: string };
  readonly reason: 'revoked' | 'used again' | 'role lost';
  readonly begunAt: number;
  readonly endedAt?: number;
}

/** What one replica said of an access token: the status, or null where no answer came. */
export interface Probe {
  readonly token: Acknowledged;
  readonly replica: number;
  readonly status: number | null;
  readonly at: number;
}

/** All that the clients know at the end: what the referee judges by. */
export interface Facts {
  readonly tokens: readonly Acknowledged[];
  readonly singleUse: readonly SingleUse[];
  readonly endings: readonly Ending[];
  readonly probes: readonly Probe[];
  /** Milliseconds that requests took, from the first byte sent to the last one received or the failure. */
  readonly durations: readonly number[];
  /** Answers that there were too many attempts. No client of a run guesses. */
  readonly tooMany: number;
}

/** Keeps what the clients were told. */
export class Ledger {
  readonly #tokens: Acknowledged[] = [];
  readonly #singleUse = new Map<string, SingleUse & { uses: { outcome: Outcome; at: number }[] }>();
  readonly #endings: Ending[] = [];
  readonly #probes: Probe[] = [];
  readonly durations: number[] = [];
  #tooMany = 0;
  readonly #counts = new Map<string, number>();

  /** Counts something for the figures. */
  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }

  received(item: Omit<SingleUse, 'uses'>): SingleUse {
    const kept = { ...item, uses: [] };
    this.#singleUse.set(item.secret, kept);
    return kept;
  }

  singleUse(secret: string): SingleUse | undefined {
    return this.#singleUse.get(secret);
  }

  used({ secret, kind }: SingleUse, outcome: Outcome, at: number): void {
    this.#singleUse.get(secret)?.uses.push({ outcome, at });
    this.count(`${kind}: ${outcome}`);
  }

  acknowledged(tokens: Acknowledged): void {
    this.#tokens.push(tokens);
  }

  /** Notes that something is about to end. @returns what to call once that is acknowledged */
  ending(of: Ending['of'], reason: Ending['reason'], begunAt: number): (endedAt: number) => void {
    const index = this.#endings.push({ of, reason, begunAt }) - 1;
    return (endedAt) => {
      this.#endings[index] = { of, reason, begunAt, endedAt };
    };
  }

  probed(probe: Probe): void {
    this.#probes.push(probe);
  }

  refusedForGuessing(): void {
    this.#tooMany += 1;
  }

  get facts(): Facts {
    return {
      tokens: this.#tokens,
      singleUse: [...this.#singleUse.values()],
      endings: this.#endings,
      probes: this.#probes,
      durations: this.durations,
      tooMany: this.#tooMany,
    };
  }
}

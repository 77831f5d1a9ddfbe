import type { CodeInput } from '../support/client.ts';

/** Tokens that a client has received completely. */
export interface Acknowledged {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly account: string;
  /** Claim of the access token. */
  readonly grant: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The outcome of using a code or a refresh token. `lost`: no answer came, or the server reported its own failure. */
export type Outcome = 'tokens' | 'refused' | 'lost';

/** A code or a refresh token. */
export interface SingleUse {
  readonly kind: 'code' | 'refresh token';
  readonly secret: string;
  readonly account: string;
  /** Only of a refresh token. */
  readonly grant?: string;
  /** The input with which a code is exchanged. */
  readonly input?: CodeInput;
  /** Until when a code is valid, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Uses in order. `at`: when the use ended. */
  readonly uses: readonly { readonly outcome: Outcome; readonly at: number }[];
}

/**
 * Why tokens are no longer valid. Times are milliseconds since the epoch. `endedAt` is undefined if the outcome is
 * unknown.
 */
export interface Ending {
  /**
   * A grant that was revoked, a grant whose token was used twice, or an account that lost the role of its guarded
   * scopes.
   */
  readonly of: { readonly grant: string } | { readonly account: string };
  readonly reason: 'revoked' | 'used again' | 'role lost';
  readonly begunAt: number;
  readonly endedAt?: number;
}

/** The status with which one replica answered an access token; `null` if no answer came. */
export interface Probe {
  readonly token: Acknowledged;
  readonly replica: number;
  readonly status: number | null;
  readonly at: number;
}

/** Everything that the clients know at the end. The referee judges by these facts. */
export interface Facts {
  readonly tokens: readonly Acknowledged[];
  readonly singleUse: readonly SingleUse[];
  readonly endings: readonly Ending[];
  readonly probes: readonly Probe[];
  /** Milliseconds from the start of a request until its whole answer or its failure. */
  readonly durations: readonly number[];
  /** How many answers reported too many attempts. No client of a run guesses. */
  readonly tooMany: number;
}

/** Records what the clients received. */
export class Ledger {
  readonly #tokens: Acknowledged[] = [];
  readonly #singleUse = new Map<string, SingleUse & { uses: { outcome: Outcome; at: number }[] }>();
  readonly #endings: Ending[] = [];
  readonly #probes: Probe[] = [];
  readonly durations: number[] = [];
  #tooMany = 0;
  readonly #counts = new Map<string, number>();

  /** Increases a counter of the report. */
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

  /**
   * Records that something is about to end.
   * @returns a function to call when the end is acknowledged
   */
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

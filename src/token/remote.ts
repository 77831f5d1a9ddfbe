import { StartError } from '../errors.ts';
import { notify } from '../protocol/notify.ts';
import type { Lifespan } from './freshness.ts';
import { type KeptState, type KeyEvent, keepKeys } from './kept-keys.ts';
import type { KeySource } from './keys.ts';
import { type KeyLocation, locationFaults } from './location.ts';
import type { KeyCopies } from './ports.ts';
import { publishedKeys } from './published-keys.ts';
import { createUnknownKeys } from './unknown-keys.ts';

/** Where remote keys come from, and the limits of asking for them. All times are in milliseconds. */
export interface RemoteKeysOptions extends Partial<Lifespan>, KeyLocation {
  /** `iss`: its metadata says where the keys are, unless `jwksUri` or `metadata` does. */
  readonly issuer: string;
  /** Default: the global `fetch`. It must heed `redirect`, and should heed `signal`. */
  readonly fetch?: typeof globalThis.fetch;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Time for each document: metadata and keys. Default 5,000. */
  readonly timeLimit?: number;
  /** Size of each document, in bytes. Default 512 KiB. */
  readonly sizeLimit?: number;
  /** How long a failure stands before the issuer is asked again. Default 5,000. */
  readonly cooldown?: number;
  /** How often the issuer is asked because a token names a key that is unknown, at most. Default 30,000. */
  readonly unknownCooldown?: number;
  /** How old its metadata may grow before it is read again. Default one hour. */
  readonly metadataMaxAge?: number;
  /** Keeps the last keys that were had, for a restart while the issuer is down. Default: nobody does. */
  readonly copies?: KeyCopies;
  /** Called in passing with what happens: what it throws or rejects with is lost. Default: no-op. */
  readonly onEvent?: (event: KeyEvent) => void;
}

/** What is known of an issuer's keys at present, and how that came about. */
export interface KeyState extends KeptState {
  /** Look-ups that keys at hand could answer. Tokens that were verified before are none. */
  readonly hits: number;
  /** Look-ups of a key ID that was not in the set. */
  readonly misses: number;
}

/** The keys of an issuer elsewhere. */
export interface RemoteKeys extends KeySource {
  /**
   * Fetches the keys where that is due, ahead of whoever needs them.
   *
   * @throws ClaimgateError `KEYS_UNAVAILABLE` where none are known afterwards
   */
  refresh(): Promise<void>;
  state(): KeyState;
}

const defaults = {
  refreshAfter: 8 * 60_000,
  maxAge: 10 * 60_000,
  staleFor: 24 * 60 * 60_000,
  timeLimit: 5_000,
  sizeLimit: 512 * 1024,
  cooldown: 5_000,
  unknownCooldown: 30_000,
  metadataMaxAge: 60 * 60_000,
};

/**
 * The keys of an issuer elsewhere, found through its metadata when the first token needs them: creating the source
 * fetches nothing, so a server starts while its issuer is down.
 *
 * Keys are fetched anew in the background from `refreshAfter` on (default 8 minutes), as long as anybody uses them. From
 * `maxAge` on (10 minutes) a look-up waits for that; where it fails the keys go on being used, without waiting, up to
 * `staleFor` (24 hours). A token that names an unknown key has the issuer asked, once per `unknownCooldown`; one that names
 * none is of a key that is known.
 *
 * Does not check the issuer's name: `createVerifier` does.
 *
 * @throws RangeError where the ages are not in their order, StartError where `jwksUri` or `metadata` is not an address
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const { fetch = globalThis.fetch, clock = Date.now, onEvent, ...rest } = options;
  const tell = (event: KeyEvent): void => notify(onEvent, event);
  const settings = { ...defaults, ...rest, fetch, clock, onEvent: tell };
  const { refreshAfter, maxAge, staleFor, unknownCooldown } = settings;
  if (!(refreshAfter > 0 && refreshAfter <= maxAge && maxAge <= staleFor)) {
    throw new RangeError('expected 0 < refreshAfter <= maxAge <= staleFor');
  }
  const faults = locationFaults(options).map((fault) => `issuer "${options.issuer}": ${fault}`);
  if (faults.length > 0) throw new StartError(faults);
  const kept = keepKeys({ ...settings, fetchKeys: publishedKeys(settings) });
  const unknown = createUnknownKeys({ clock, firstWait: 2 * unknownCooldown, longestWait: maxAge });
  let hits = 0;
  let misses = 0;

  /** Has the issuer asked for a key that the set does not name. Whoever comes while it is asked waits for that too. */
  const lookAgain = async (kid: string) => {
    const { isAsking, sinceAsked } = kept;
    const isRested = sinceAsked < 0 || sinceAsked >= unknownCooldown;
    if (!isAsking && !(isRested && unknown.mayAsk(kid))) return;
    await kept.ask().then(
      () => {
        if (!kept.atHand()?.names(kid)) unknown.missed(kid);
      },
      // What the issuer could not be asked for it was not found to lack.
      () => {},
    );
  };
  return {
    async find(hint) {
      const set = await kept.present();
      if (hint.kid === undefined || set.names(hint.kid)) {
        hits += 1;
        return set.find(hint);
      }
      misses += 1;
      await lookAgain(hint.kid);
      return (await kept.present()).find(hint);
    },
    has: (keyId) => kept.atHand()?.has(keyId) ?? false,
    discovers: options.jwksUri === undefined && options.metadata === undefined,
    refresh: async () => void (await kept.present()),
    state: () => ({ ...kept.state(), hits, misses }),
  };
}

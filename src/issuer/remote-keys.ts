import { StartError } from '../errors.ts';
import { notify } from '../protocol/notify.ts';
import { keysUnavailable } from './fault.ts';
import { recallKeys } from './key-copies.ts';
import type { KeySet } from './key-set.ts';
import type { KeySource } from './key-source.ts';
import type { KeptState, Lifespan, Loaded } from './kept.ts';
import { type KeyLocation, locationFaults } from './location.ts';
import type { KeyCopies } from './ports.ts';
import { keyAddressOf, published } from './published.ts';
import { createUnknownKeyIds } from './unknown-key-ids.ts';

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
  /** Keeps the last keys that were fetched, for a restart while the issuer is down. Default: no copies are kept. */
  readonly copies?: KeyCopies;
  /** Called in passing with what happens: what it throws or rejects with is lost. Default: no-op. */
  readonly onEvent?: (event: KeyEvent) => void;
}

/** What happened to the keys of an issuer. */
export type KeyEvent =
  | { readonly is: 'fetched'; readonly keys: number }
  /** The issuer did not answer, or its answer was of no use. */
  | { readonly is: 'failed'; readonly error: unknown }
  /** The stored copy is used, because the issuer is not available. `age` is in milliseconds. */
  | { readonly is: 'recalled'; readonly keys: number; readonly age: number }
  /** The copy could not be stored, or not be read. */
  | { readonly is: 'copy failed'; readonly error: unknown };

/** What is known of an issuer's keys at present, and how that came about. */
export interface KeyState extends KeptState {
  /** How many keys are known. */
  readonly keys: number;
  /** Look-ups that the known keys answered. A token that was verified before needs no look-up. */
  readonly hits: number;
  /** Look-ups of a key ID that was not in the set. */
  readonly misses: number;
}

/** The keys of an issuer elsewhere. */
export interface RemoteKeys extends KeySource {
  /**
   * Fetches the keys where that is due, ahead of the first caller that needs them.
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
 * Makes a source of the keys of an issuer elsewhere. It finds them through the issuer's metadata when the first token needs them, and
 * fetches nothing before: a server starts while its issuer is down.
 *
 * From `refreshAfter` on (default 8 minutes) the keys are fetched again in the background while they are used. From `maxAge` on (10
 * minutes) a look-up waits for that. Where it fails the old keys are used, without waiting, up to `staleFor` (24 hours). A token that
 * names an unknown key has the issuer asked again, at most once per `unknownCooldown`. A token that names no key is compared with the
 * known keys only.
 *
 * Does not check the issuer's name: `createVerifier` does.
 *
 * @throws RangeError where the ages are not in their order, StartError where `jwksUri` or `metadata` is not an address
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const { issuer, fetch = globalThis.fetch, clock = Date.now, copies, onEvent } = options;
  const tell = (event: KeyEvent): void => notify(onEvent, event);
  const settings = { ...defaults, ...options, fetch, clock };
  const { refreshAfter, maxAge, staleFor, unknownCooldown, metadataMaxAge } = settings;
  if (!(refreshAfter > 0 && refreshAfter <= maxAge && maxAge <= staleFor)) {
    throw new RangeError('expected 0 < refreshAfter <= maxAge <= staleFor');
  }
  const faults = locationFaults(options).map((fault) => `issuer "${options.issuer}": ${fault}`);
  if (faults.length > 0) throw new StartError(faults);
  const { keys } = published({
    ...settings,
    read: keyAddressOf,
    // A load of the keys reads the metadata, and the cooldown of the keys spares both.
    keepMetadata: { clock, cooldown: 0, refreshAfter: metadataMaxAge, maxAge: metadataMaxAge, staleFor: Infinity },
    keepKeys: {
      ...settings,
      onLoaded: (loaded) => {
        tell({ is: 'fetched', keys: loaded.value.jwks.length });
        void store(loaded);
      },
      onFailed: (error) => tell({ is: 'failed', error }),
      recall,
    },
  });
  const unknown = createUnknownKeyIds({ clock, firstWait: 2 * unknownCooldown, longestWait: maxAge });
  let hits = 0;
  let misses = 0;

  /** No caller waits for this. */
  async function store({ value, at }: Loaded<KeySet>): Promise<void> {
    try {
      await copies?.save(issuer, { keySet: { keys: value.jwks }, fetchedAt: at });
    } catch (error) {
      tell({ is: 'copy failed', error });
    }
  }

  async function recall(): Promise<Loaded<KeySet> | null> {
    try {
      const copy = copies && (await recallKeys(copies, issuer, { ...settings, now: clock() }));
      if (!copy) return null;
      tell({ is: 'recalled', keys: copy.value.jwks.length, age: Math.max(0, clock() - copy.at) });
      return copy;
    } catch (error) {
      tell({ is: 'copy failed', error });
      return null;
    }
  }

  async function present(): Promise<KeySet> {
    const set = keys.atHand();
    if (set) return set;
    try {
      return await keys.present();
    } catch (error) {
      throw keysUnavailable(error);
    }
  }

  /** Has the issuer asked for a key ID that the set does not name. A caller that comes while it is asked waits for that answer. */
  async function lookAgain(kid: string): Promise<void> {
    const { isReloading, sinceReload } = keys;
    const isRested = sinceReload < 0 || sinceReload >= unknownCooldown;
    if (!isReloading && !(isRested && unknown.mayAsk(kid))) return;
    await keys.reload().then(
      () => {
        if (!keys.atHand()?.names(kid)) unknown.missed(kid);
      },
      // An issuer that did not answer may have the key.
      () => {},
    );
  }

  return {
    async find(hint) {
      const set = await present();
      if (hint.kid === undefined || set.names(hint.kid)) {
        hits += 1;
        return set.find(hint);
      }
      misses += 1;
      await lookAgain(hint.kid);
      return (await present()).find(hint);
    },
    has: (keyId) => keys.atHand()?.has(keyId) ?? false,
    discovers: options.jwksUri === undefined && options.metadata === undefined,
    refresh: async () => void (await present()),
    state: () => ({ ...keys.state(), keys: keys.last()?.jwks.length ?? 0, hits, misses }),
  };
}

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
import { createUnknownKeyIds, reloadForKeyId } from './unknown-key-ids.ts';

/** The addresses of remote keys, and the limits of fetching them. All times are in milliseconds. */
export interface RemoteKeysOptions extends Partial<Lifespan>, KeyLocation {
  /** `iss`. If neither `jwksUri` nor `metadata` is set, the metadata below this URL names the address of the keys. */
  readonly issuer: string;
  /** Default: the global `fetch`. It must obey the option `redirect`, and should obey the option `signal`. */
  readonly fetch?: typeof globalThis.fetch;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /** Time limit for fetching each document: metadata and keys. Default 5,000. */
  readonly timeLimit?: number;
  /** Size limit of each document, in bytes. Default 512 KiB. */
  readonly sizeLimit?: number;
  /** The time after a failure in which the keys are not fetched. Default 5,000. */
  readonly cooldown?: number;
  /** The shortest time between two fetches that tokens with unknown key IDs cause. Default 30,000. */
  readonly unknownCooldown?: number;
  /** From this age on, the metadata is read again. Default one hour. */
  readonly metadataMaxAge?: number;
  /**
   * Stores the last fetched keys. After a restart they are used while the issuer is not available. Default: no copies
   * are stored.
   */
  readonly copies?: KeyCopies;
  /** Called with each event. Errors that it throws are ignored. Default: no-op. */
  readonly onEvent?: (event: KeyEvent) => void;
}

/** An event of the keys of an issuer, for logs and metrics. */
export type KeyEvent =
  | { readonly is: 'fetched'; readonly keys: number }
  /** The issuer did not answer, or its answer was invalid. */
  | { readonly is: 'failed'; readonly error: unknown }
  /** The stored copy is used, because the issuer is not available. `age` is in milliseconds. */
  | { readonly is: 'recalled'; readonly keys: number; readonly age: number }
  /** The copy could not be stored or read. */
  | { readonly is: 'copy failed'; readonly error: unknown };

/** The present state of an issuer's keys, for metrics. */
export interface KeyState extends KeptState {
  /** How many keys are known. */
  readonly keys: number;
  /** Look-ups that the known keys answered. A cached token needs no look-up. */
  readonly hits: number;
  /** Look-ups of a key ID that was not in the set. */
  readonly misses: number;
}

/** The keys of a foreign issuer. */
export interface RemoteKeys extends KeySource {
  /**
   * Fetches the keys if a fetch is due. Call it at the start, so that the first request does not wait for the keys.
   *
   * @throws ClaimgateError `KEYS_UNAVAILABLE` if no keys are known afterwards
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
 * Makes a key source for a foreign issuer. It finds the keys through the issuer's metadata when the first token needs
 * them. It sends no request before that. So a server can start while its issuer is not available.
 *
 * From `refreshAfter` on (default 8 minutes), a use of the keys fetches them again in the background. From `maxAge` on
 * (10 minutes), a look-up waits for the fetch. If the fetch fails, the old keys are used without waiting, up to
 * `staleFor` (24 hours). A token with an unknown key ID causes a fetch, at most once per `unknownCooldown`. A token
 * without a key ID is compared with the known keys only.
 *
 * Does not check the issuer's name. `createVerifier` checks it.
 *
 * @throws RangeError unless 0 < `refreshAfter` <= `maxAge` <= `staleFor`; StartError if `jwksUri` or `metadata` is not
 * an allowed URL
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const { issuer, fetch = globalThis.fetch, clock = Date.now, copies, onEvent } = options;
  const emit = (event: KeyEvent): void => notify(onEvent, event);
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
    // A load of the keys also reads the metadata, so the cooldown of the keys covers both.
    keepMetadata: { clock, cooldown: 0, refreshAfter: metadataMaxAge, maxAge: metadataMaxAge, staleFor: Infinity },
    keepKeys: {
      ...settings,
      onLoaded: (loaded) => {
        emit({ is: 'fetched', keys: loaded.value.jwks.length });
        void store(loaded);
      },
      onFailed: (error) => emit({ is: 'failed', error }),
      recall,
    },
  });
  const unknown = createUnknownKeyIds({ clock, firstWait: 2 * unknownCooldown, maxWait: maxAge });
  let hits = 0;
  let misses = 0;

  /** Stores a copy. No caller waits for it. */
  async function store({ value, at }: Loaded<KeySet>): Promise<void> {
    try {
      await copies?.save(issuer, { keySet: { keys: value.jwks }, fetchedAt: at });
    } catch (error) {
      emit({ is: 'copy failed', error });
    }
  }

  async function recall(): Promise<Loaded<KeySet> | null> {
    try {
      const copy = copies && (await recallKeys(copies, issuer, { ...settings, now: clock() }));
      if (!copy) return null;
      emit({ is: 'recalled', keys: copy.value.jwks.length, age: Math.max(0, clock() - copy.at) });
      return copy;
    } catch (error) {
      emit({ is: 'copy failed', error });
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

  return {
    async find(hint) {
      const set = await present();
      if (hint.kid === undefined || set.names(hint.kid)) {
        hits += 1;
        return set.find(hint);
      }
      misses += 1;
      await reloadForKeyId(hint.kid, keys, unknown, unknownCooldown);
      return (await present()).find(hint);
    },
    has: (keyId) => keys.atHand()?.has(keyId) ?? false,
    discovers: options.jwksUri === undefined && options.metadata === undefined,
    refresh: async () => void (await present()),
    state: () => ({ ...keys.state(), keys: keys.last()?.jwks.length ?? 0, hits, misses }),
  };
}

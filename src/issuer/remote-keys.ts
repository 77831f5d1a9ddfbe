import { notify } from '../protocol/notify.ts';
import { keysUnavailable } from './fault.ts';
import { recallKeys } from './key-copies.ts';
import type { KeySet } from './key-set.ts';
import type { KeySource } from './key-source.ts';
import type { KeptState, LoadedValue } from './kept.ts';
import { type KeyEvent, readRemoteKeysOptions, type RemoteKeysOptions } from './options/remote-keys.ts';
import { keyAddressOf, createPublished } from './published.ts';
import { createUnknownKeyIds, reloadForKeyId } from './unknown-key-ids.ts';

/** The current state of an issuer's keys, for metrics. */
export interface RemoteKeysState extends KeptState {
  /** How many keys are known. */
  readonly keys: number;
  /** How many look-ups had a key ID in the set, or had no key ID. A cached token needs no look-up. */
  readonly hits: number;
  /** How many look-ups had a key ID that was not in the set. */
  readonly misses: number;
}

/** The keys of a foreign issuer. */
export interface RemoteKeys extends KeySource {
  /**
   * Fetches the keys if a fetch is due. If you call it at the start, the first request does not wait for the keys.
   *
   * @throws ClaimgateError `KEYS_UNAVAILABLE` if no keys are known afterwards
   */
  refresh(): Promise<void>;
  state(): RemoteKeysState;
}

/**
 * Makes a key source for a foreign issuer. The source fetches the keys when the first token needs them. Therefore a
 * server can start while its issuer is not available.
 *
 * From the age `refreshAfterSeconds` on, a use of the keys fetches them again in the background. From the age
 * `maxAgeSeconds` on, a look-up waits for the fetch. If the fetch fails, the old keys are used up to the age
 * `staleForSeconds`. A token with an unknown key ID can cause a fetch, at the earliest `unknownKeyCooldownSeconds`
 * after the last fetch began. While a key ID counts as missed, it causes no further fetch. A token without a key ID
 * does not cause a fetch of this kind.
 *
 * Does not check the issuer's name. `createVerifier` checks it.
 *
 * @throws StartError with all faults of the options: an unknown, missing or wrong option; an earlier name of an option;
 * a `jwksUri` or `metadata` that is not an allowed URL; ages that are not 0 < `refreshAfterSeconds` <= `maxAgeSeconds`
 * <= `staleForSeconds`
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const settings = readRemoteKeysOptions(options);
  const { issuer, clock, copies, onEvent, maxAgeMs, unknownKeyCooldownMs, metadataMaxAgeMs } = settings;
  const emit = (event: KeyEvent): void => notify(onEvent, event);
  const { keys } = createPublished({
    ...settings,
    read: keyAddressOf,
    // The cooldown of the keys is enough, because only a load of the keys reads the metadata.
    keepMetadata: {
      clock,
      cooldownMs: 0,
      refreshAfterMs: metadataMaxAgeMs,
      maxAgeMs: metadataMaxAgeMs,
      staleForMs: Infinity,
    },
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
  const unknown = createUnknownKeyIds({ clock, firstWaitMs: 2 * unknownKeyCooldownMs, maxWaitMs: maxAgeMs });
  let hits = 0;
  let misses = 0;

  /** Stores a copy. No caller waits for it. */
  async function store({ value, at }: LoadedValue<KeySet>): Promise<void> {
    try {
      await copies?.save(issuer, { keySet: { keys: value.jwks }, fetchedAt: at });
    } catch (error) {
      emit({ is: 'copy failed', error });
    }
  }

  async function recall(): Promise<LoadedValue<KeySet> | null> {
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
      await reloadForKeyId(hint.kid, keys, unknown, unknownKeyCooldownMs);
      return (await present()).find(hint);
    },
    has: (keyId) => keys.atHand()?.has(keyId) ?? false,
    discovers: settings.jwksUri === undefined && settings.metadata === undefined,
    refresh: async () => void (await present()),
    state: () => ({ ...keys.state(), keys: keys.last()?.jwks.length ?? 0, hits, misses }),
  };
}

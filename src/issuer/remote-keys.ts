import { notify } from '../protocol/notify.ts';
import { keysUnavailable } from './fault.ts';
import { recallKeys } from './key-copies.ts';
import type { KeySet } from './key-set.ts';
import type { KeySource } from './key-source.ts';
import type { KeptState, Loaded } from './kept.ts';
import { type KeyEvent, readRemoteKeysOptions, type RemoteKeysOptions } from './options/remote-keys.ts';
import { keyAddressOf, published } from './published.ts';
import { createUnknownKeyIds, reloadForKeyId } from './unknown-key-ids.ts';

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

/**
 * Makes a key source for a foreign issuer. It finds the keys through the issuer's metadata when the first token needs
 * them. It sends no request before that. So a server can start while its issuer is not available.
 *
 * From `refreshAfterSeconds` on (default 8 minutes), a use of the keys fetches them again in the background. From
 * `maxAgeSeconds` on (10 minutes), a look-up waits for the fetch. If the fetch fails, the old keys are used without
 * waiting, up to `staleForSeconds` (24 hours). A token with an unknown key ID causes a fetch, at most once per
 * `unknownKeyCooldownSeconds`. A token without a key ID is compared with the known keys only.
 *
 * Does not check the issuer's name. `createVerifier` checks it.
 *
 * @throws StartError with all faults of the options: an unknown, missing or wrong option; an option whose name was
 * changed; a `jwksUri` or `metadata` that is not an allowed URL; unless 0 < `refreshAfterSeconds` <= `maxAgeSeconds` <=
 * `staleForSeconds`
 */
export function remoteKeys(options: RemoteKeysOptions): RemoteKeys {
  const settings = readRemoteKeysOptions(options);
  const { issuer, clock, copies, onEvent, maxAge, unknownKeyCooldownMs, metadataMaxAgeMs } = settings;
  const emit = (event: KeyEvent): void => notify(onEvent, event);
  const { keys } = published({
    ...settings,
    read: keyAddressOf,
    // A load of the keys also reads the metadata, so the cooldown of the keys covers both.
    keepMetadata: { clock, cooldown: 0, refreshAfter: metadataMaxAgeMs, maxAge: metadataMaxAgeMs, staleFor: Infinity },
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
  const unknown = createUnknownKeyIds({ clock, firstWait: 2 * unknownKeyCooldownMs, maxWait: maxAge });
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
      await reloadForKeyId(hint.kid, keys, unknown, unknownKeyCooldownMs);
      return (await present()).find(hint);
    },
    has: (keyId) => keys.atHand()?.has(keyId) ?? false,
    discovers: settings.jwksUri === undefined && settings.metadata === undefined,
    refresh: async () => void (await present()),
    state: () => ({ ...keys.state(), keys: keys.last()?.jwks.length ?? 0, hits, misses }),
  };
}

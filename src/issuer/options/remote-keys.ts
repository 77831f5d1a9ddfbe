import { shown } from '../../protocol/shown.ts';
import { isRecord } from '../../protocol/record.ts';
import { checkOptions, optionsOf } from '../../protocol/options/check-options.ts';
import { aFunction, aString, bound, seconds, timeLimitSeconds, withFunctions } from '../../protocol/options/kinds.ts';
import { type Check, type SettingsWithDefaults, withDefaults } from '../../protocol/options/object.ts';
import { type KeyLocation, locationFaults } from './location.ts';
import type { FetchOptions } from '../document.ts';
import type { Lifespan } from '../kept.ts';
import type { KeyCopies } from '../ports.ts';

/** The limits of fetching and keeping remote keys. */
interface KeyLimits {
  /** From this age on, a use of the keys fetches them again in the background. Default 480: 8 minutes. */
  readonly refreshAfterSeconds?: number;
  /** From this age on, the keys are used only after a fetch has failed. Default 600: 10 minutes. */
  readonly maxAgeSeconds?: number;
  /** From this age on, the keys are never used. Default 86,400: one day. */
  readonly staleForSeconds?: number;
  /** The time limit for one document. Above 0, and at most 3,600. Default 5. */
  readonly timeLimitSeconds?: number;
  /** The largest size of each document, in bytes. Default 512 KiB. */
  readonly maxBytes?: number;
  /** The time after a failure in which the keys are not fetched. Default 5. */
  readonly cooldownSeconds?: number;
  /**
   * The shortest time between the start of a fetch and a next fetch that a token with an unknown key ID causes. Default
   * 30.
   */
  readonly unknownKeyCooldownSeconds?: number;
  /**
   * From this age on, the next fetch of the keys reads the metadata again. A fetch after a failed fetch always reads it
   * again. Default 3,600: one hour.
   */
  readonly metadataMaxAgeSeconds?: number;
}

/** The options of `remoteKeys`. Times are in seconds, and may be fractions. */
export interface RemoteKeysOptions extends KeyLimits, KeyLocation {
  /**
   * The value of `iss`. If neither `jwksUri` nor `metadata` is set, the address of the metadata is made from it.
   * `createVerifier` then requires that it is an https URL, or http on loopback.
   */
  readonly issuer: string;
  /**
   * The function for requests. It must obey the option `redirect`, and should obey the option `signal`. Default: the
   * global `fetch`.
   */
  readonly fetch?: typeof globalThis.fetch;
  /** The time, in milliseconds since the epoch. Default `Date.now`. */
  readonly clock?: () => number;
  /**
   * Stores the last fetched keys. If the issuer is not available after a restart, the stored keys are used up to the
   * age `staleForSeconds`. Default: no keys are stored.
   */
  readonly copies?: KeyCopies;
  /** Called with each event. Its errors are ignored. Default: no-op. */
  readonly onEvent?: (event: KeyEvent) => void;
}

/** An event of a key source, for logs and metrics. */
export type KeyEvent =
  | { readonly is: 'fetched'; readonly keys: number }
  /** The issuer did not answer, or its answer was invalid. */
  | { readonly is: 'failed'; readonly error: unknown }
  /** The stored copy is used, because the issuer is not available. `age` is the age of the copy in milliseconds. */
  | { readonly is: 'recalled'; readonly keys: number; readonly age: number }
  /** The copy could not be stored or read. */
  | { readonly is: 'copy failed'; readonly error: unknown };

/** The checked options of `remoteKeys`. Missing options have their defaults. All times are in milliseconds. */
export interface RemoteKeysSettings extends Lifespan, FetchOptions, KeyLocation {
  readonly issuer: string;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: () => number;
  readonly cooldownMs: number;
  readonly unknownKeyCooldownMs: number;
  readonly metadataMaxAgeMs: number;
  readonly copies: KeyCopies | undefined;
  readonly onEvent: RemoteKeysOptions['onEvent'];
}

const limits: SettingsWithDefaults<KeyLimits> = {
  refreshAfterSeconds: { default: 8 * 60, check: seconds({ above: 0 }) },
  maxAgeSeconds: { default: 10 * 60, check: seconds({ above: 0 }) },
  staleForSeconds: { default: 24 * 60 * 60, check: seconds({ above: 0 }) },
  timeLimitSeconds: { default: 5, check: timeLimitSeconds },
  maxBytes: { default: 512 * 1024, check: bound('bytes') },
  cooldownSeconds: { default: 5, check: seconds() },
  unknownKeyCooldownSeconds: { default: 30, check: seconds() },
  metadataMaxAgeSeconds: { default: 60 * 60, check: seconds() },
};

const unit = 'in seconds; it was in milliseconds';

/** `locationFaults` checks the addresses. */
const checkedLater: Check = () => [];

const shape = optionsOf<RemoteKeysOptions>(
  {
    issuer: { check: aString, required: true },
    metadata: { check: checkedLater },
    jwksUri: { check: checkedLater },
    fetch: { check: aFunction },
    clock: { check: aFunction },
    ...limits,
    copies: { check: withFunctions('a store of key sets', 'load', 'save') },
    onEvent: { check: aFunction },
  },
  {
    refreshAfter: `refreshAfterSeconds, ${unit}`,
    maxAge: `maxAgeSeconds, ${unit}`,
    staleFor: `staleForSeconds, ${unit}`,
    timeLimit: `timeLimitSeconds, ${unit}`,
    sizeLimit: 'maxBytes',
    cooldown: `cooldownSeconds, ${unit}`,
    unknownCooldown: `unknownKeyCooldownSeconds, ${unit}`,
    metadataMaxAge: `metadataMaxAgeSeconds, ${unit}`,
  },
  function* (options) {
    const { refreshAfterSeconds, maxAgeSeconds, staleForSeconds } = withDefaults<KeyLimits>(limits, options);
    if (refreshAfterSeconds > maxAgeSeconds || maxAgeSeconds > staleForSeconds) {
      yield `remoteKeys: expected refreshAfterSeconds <= maxAgeSeconds <= staleForSeconds; found ${refreshAfterSeconds}, ${maxAgeSeconds}, ${staleForSeconds}`;
    }
  },
);

const check: Check = function* (options, place, around) {
  yield* shape(options, place, around);
  if (!isRecord(options)) return;
  const name = typeof options['issuer'] === 'string' ? `issuer "${shown(options['issuer'])}"` : place;
  for (const fault of locationFaults(options)) yield `${name}: ${fault}`;
};

/**
 * Checks the options of `remoteKeys`, and fills in the defaults.
 *
 * @throws StartError with all faults
 */
export function readRemoteKeysOptions(options: RemoteKeysOptions): RemoteKeysSettings {
  checkOptions('remoteKeys', options, check);
  const { issuer, fetch = globalThis.fetch, clock = Date.now, copies, onEvent, jwksUri, metadata } = options;
  const given = withDefaults<KeyLimits>(limits, options);
  return {
    issuer,
    ...(jwksUri !== undefined && { jwksUri }),
    ...(metadata !== undefined && { metadata }),
    fetch,
    clock,
    copies,
    onEvent,
    refreshAfterMs: given.refreshAfterSeconds * 1_000,
    maxAgeMs: given.maxAgeSeconds * 1_000,
    staleForMs: given.staleForSeconds * 1_000,
    timeLimitMs: given.timeLimitSeconds * 1_000,
    maxBytes: given.maxBytes,
    cooldownMs: given.cooldownSeconds * 1_000,
    unknownKeyCooldownMs: given.unknownKeyCooldownSeconds * 1_000,
    metadataMaxAgeMs: given.metadataMaxAgeSeconds * 1_000,
  };
}

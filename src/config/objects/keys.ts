import { type SigningAlgorithm, signingAlgorithms } from '../../protocol/keys/algorithms.ts';
import {
  type Check,
  type Members,
  objectOf,
  type SettingsWithDefaults,
  withDefaults,
} from '../../protocol/options/object.ts';
import { expectsShown, isWhole } from '../../protocol/options/values.ts';

/** The signing keys of the embedded authorization server. */
export interface KeysEntry {
  /** The algorithm of new keys. Existing keys keep their algorithm. Default ES256. */
  readonly algorithm?: SigningAlgorithm;
  /**
   * The time after which a key is replaced, in seconds. 0: only a command or mutation replaces it. Default 7,776,000
   * (90 days).
   */
  readonly rotateEverySeconds?: number;
  /** How long a new key is published before it signs, in seconds, at least 2. Default 86,400 (one day). */
  readonly publishForSeconds?: number;
}

const daySeconds = 24 * 60 * 60;

/** The keys of the configuration object `keys`. */
export const keySettings: SettingsWithDefaults<KeysEntry> = {
  algorithm: {
    default: 'ES256',
    defined: true,
    check: expectsShown(`one of ${signingAlgorithms.join(', ')}`, (value) =>
      signingAlgorithms.some((name) => name === value),
    ),
  },
  rotateEverySeconds: {
    default: 90 * daySeconds,
    defined: true,
    check: expectsShown('a whole number of seconds, or 0', (value) => isWhole(value, 0)),
  },
  publishForSeconds: {
    default: daySeconds,
    defined: true,
    check: expectsShown('a whole number of seconds, 2 or more', (value) => isWhole(value, 2)),
  },
};

const renamed = {
  rotateEvery: 'rotateEverySeconds, in seconds as before',
  publishFor: 'publishForSeconds, in seconds as before',
};

/** The check of `keys`. */
export const checkKeys: Check = objectOf(keySettings, { renamed }, function* (value: Members) {
  const { rotateEverySeconds, publishForSeconds } = withDefaults<KeysEntry>(keySettings, value);
  if (rotateEverySeconds !== 0 && rotateEverySeconds <= publishForSeconds) {
    yield `keys.rotateEverySeconds=${rotateEverySeconds}: expected more than keys.publishForSeconds=${publishForSeconds}, or 0`;
  }
});

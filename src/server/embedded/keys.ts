import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { purposeOfHandle } from '../../exchange/connections/grants.ts';
import type { Changing } from '../../audit/writer.ts';
import { findCookieKey } from '../../identity/keys/cookie-key.ts';
import { keysVersion, rotateSigningKey, rotationDetail } from '../../identity/keys/rotation.ts';
import { sealEverything } from '../../identity/keys/sealed.ts';
import { type KeyPairs, publishedKeyPairs, signingAt } from '../../identity/keys/signing-keys.ts';
import type { Logger } from '../../observe/log.ts';
import { resealConnectionGrants } from '../../store/connections/reseal.ts';
import type { Store } from '../../store/tables.ts';
import { newKeySettings, sealerOf } from './key-settings.ts';

/** How often a process checks whether the keys have changed. Within two seconds, each process uses the new keys. */
const pollIntervalMs = 1_000;

/**
 * Checks that the server's own secrets and signing keys can be decrypted. If `CLAIMGATE_KEY` is set, encrypts them with
 * the first key in the variable, and the refresh tokens of connections too.
 *
 * @throws StartError if a secret cannot be decrypted
 */
export async function sealAtRest(config: Config, store: Store, log: Logger): Promise<void> {
  const sealer = sealerOf(config);
  try {
    const sealed =
      (await sealEverything(store, sealer)) +
      (sealer ? await resealConnectionGrants(store, sealer, purposeOfHandle) : 0);
    if (sealed > 0) log.info({ rows: sealed }, 'private keys and secrets were encrypted at rest');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError([`CLAIMGATE_KEY: expected the key that the database was encrypted with; ${reason}`]);
  }
  if (!sealer) log.warn('private keys and secrets are stored unencrypted: set CLAIMGATE_KEY to encrypt them at rest');
}

/** The current signing keys. The process reads them again when they change in the database. */
export interface FollowedKeys {
  readonly current: () => KeyPairs;
  /** Checks now whether the keys have changed. */
  readonly wake: () => void;
  readonly close: () => void;
}

/**
 * Reads the signing keys of a database whenever they change, and replaces them on schedule. With `rotateEverySeconds:
 * 0`, there is no schedule.
 *
 * @param changing - records in the audit trail that this process has published a key
 * @param onChange - called with each new set of keys and with the key for cookies and forms, before `current` returns
 * the new set
 * @throws the error of the first read. If a later read fails, the last keys stay in use and the failure is logged
 */
export async function followSigningKeys(
  config: Config,
  store: Store,
  log: Logger,
  changing: Changing,
  onChange: (keys: KeyPairs, cookieKey: string) => void,
): Promise<FollowedKeys> {
  const settings = newKeySettings(config);
  const { rotateEverySeconds } = config.keys;
  let version = -1;
  let keys = await read();
  let checking: Promise<void> | undefined;
  let failing = false;

  async function read(): Promise<KeyPairs> {
    // The version is read before the keys. A change between the two reads then causes another read.
    version = await keysVersion(store);
    const read = await publishedKeyPairs(store, settings.sealer, Date.now());
    onChange(read, await findCookieKey(store, settings.sealer));
    return read;
  }

  async function check(): Promise<void> {
    try {
      const now = Date.now();
      await replaceOnSchedule(now);
      const ended = keys.some(({ publishedUntil }) => publishedUntil !== null && publishedUntil <= now);
      const begun =
        signingAt(
          keys.toSorted((one, other) => other.signsFrom - one.signsFrom),
          now,
        ) !== keys[0];
      if (ended || begun || (await keysVersion(store)) !== version) {
        keys = await read();
        log.info(
          { kid: keys[0].kid, alg: keys[0].alg, published: keys.length },
          'signing keys, or the key for cookies, have changed',
        );
      }
      failing = false;
    } catch (error) {
      // Each outage is logged once, because the check fails every second during an outage.
      if (!failing) log.error({ err: error }, 'signing keys cannot be read');
      failing = true;
    }
  }

  async function replaceOnSchedule(now: number): Promise<void> {
    if (rotateEverySeconds === 0) return;
    const newest = Math.max(...keys.map(({ signsFrom }) => signsFrom));
    if (now + settings.publishedForMs < newest + rotateEverySeconds * 1_000) return;
    const rotation = { now, publishedForMs: settings.publishedForMs, ifOlderThanMs: rotateEverySeconds * 1_000 };
    const result = await changing(
      (transaction) => rotateSigningKey(transaction, settings, rotation),
      (made) => {
        if (made.is !== 'rotated') return null;
        const withoutCaller = { coordinate: null, rule: null, accountId: null, clientId: null };
        return {
          type: 'key_published',
          outcome: 'allowed',
          ...withoutCaller,
          detail: `schedule: ${rotationDetail(made)}`,
        };
      },
    );
    if (result.is !== 'rotated') return;
    log.info({ kid: result.key.kid, alg: result.key.alg }, 'a new signing key is published');
  }

  const wake = () => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
  };
  const timer = setInterval(wake, pollIntervalMs).unref();
  return { current: () => keys, wake, close: () => clearInterval(timer) };
}

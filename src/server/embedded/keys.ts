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
import { keySettings, sealerOf } from './key-settings.ts';

/** How often it is looked whether the keys have changed, in milliseconds: every process signs and verifies with the new ones within two seconds. */
const interval = 1_000;
/**
 * Sees that what is kept at rest can be opened, and is sealed with the present key where there is one.
 *
 * @throws StartError where it cannot be opened
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
  if (!sealer) log.warn('private keys and secrets are kept in clear: set CLAIMGATE_KEY to encrypt them at rest');
}

/** The signing keys of this process, kept up to date. */
export interface KeptKeys {
  readonly current: () => KeyPairs;
  /** Looks now whether they have changed. */
  readonly wake: () => void;
  readonly close: () => void;
}

/**
 * Follows the signing keys on a database, and replaces them on schedule.
 *
 * @param changing writes into the audit trail that a key was published: of all processes on the database one does it
 * @param onChange called with each new set and the key for cookies and forms, before `current` gives it
 * @throws where the keys cannot be read at first; later the last ones stay, and the log says why
 */
export async function keepKeys(
  config: Config,
  store: Store,
  log: Logger,
  changing: Changing,
  onChange: (keys: KeyPairs, cookieKey: string) => void,
): Promise<KeptKeys> {
  const settings = keySettings(config);
  const { rotateEvery } = config.keys;
  let version = -1;
  let keys = await read();
  let looking: Promise<void> | undefined;
  let failing = false;

  async function read(): Promise<KeyPairs> {
    // Before the keys: what changes between the two is read again.
    version = await keysVersion(store);
    const read = await publishedKeyPairs(store, settings.sealer, Date.now());
    onChange(read, await findCookieKey(store, settings.sealer));
    return read;
  }

  async function look(): Promise<void> {
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
      // Once for each outage: it may be long, and this happens every second.
      if (!failing) log.error({ err: error }, 'signing keys cannot be read');
      failing = true;
    }
  }

  async function replaceOnSchedule(now: number): Promise<void> {
    if (rotateEvery === 0) return;
    const newest = Math.max(...keys.map(({ signsFrom }) => signsFrom));
    if (now + settings.publishedFor < newest + rotateEvery * 1_000) return;
    const rotation = { now, publishedFor: settings.publishedFor, ifOlderThan: rotateEvery * 1_000 };
    const result = await changing(
      (transaction) => rotateSigningKey(transaction, settings, rotation),
      (made) => {
        if (made.is !== 'rotated') return null;
        const nobody = { coordinate: null, rule: null, accountId: null, clientId: null };
        return { type: 'key_published', outcome: 'allowed', ...nobody, detail: `schedule: ${rotationDetail(made)}` };
      },
    );
    if (result.is !== 'rotated') return;
    log.info({ kid: result.key.kid, alg: result.key.alg }, 'a new signing key is published');
  }

  const wake = () => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  };
  const timer = setInterval(wake, interval).unref();
  return { current: () => keys, wake, close: () => clearInterval(timer) };
}

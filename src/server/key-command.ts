import type { Config } from '../config.ts';
import { writeAuditEvents } from '../identity/audit.ts';
import { heardWithin, rotateSigningKey, rotationDetail } from '../identity/key-rotation.ts';
import { keyStateAt, type KeyState, listSigningKeys } from '../identity/signing-keys.ts';
import { createStore } from '../store/database.ts';
import { sealEverything } from '../identity/sealed.ts';
import { keySettings } from './keys.ts';

/** A key as the command line shows it; times in the format of RFC 3339. */
export interface ListedKey {
  readonly kid: string;
  readonly alg: string;
  readonly state: KeyState;
  readonly signsFrom: string;
  readonly publishedUntil: string | null;
}

/** The signing keys on a database, beside a running server. */
export interface OpenedKeys {
  list(): Promise<readonly ListedKey[]>;
  /** @throws Error where the private halves cannot be encrypted as those that are there are */
  rotate(how: {
    readonly now: boolean;
    readonly withdraw: boolean;
  }): Promise<Omit<ListedKey, 'state' | 'publishedUntil'> & { readonly is: 'rotated' | 'pending' }>;
  close(): Promise<void>;
}

/** @throws Error where there is no authorization server of ours, or no database that a server has prepared */
export async function openKeys(config: Config): Promise<OpenedKeys> {
  if (config.issuer !== undefined) throw new Error('CLAIMGATE_ISSUER is set: nothing is signed here');
  const store = createStore(config.databaseUrl);
  const settings = keySettings(config);
  return {
    async list() {
      const keys = await listSigningKeys(store);
      const now = Date.now();
      return keys.map((key) => ({
        kid: key.kid,
        alg: key.alg,
        state: keyStateAt(keys, key, now),
        signsFrom: new Date(key.signsFrom).toISOString(),
        publishedUntil: key.publishedUntil === null ? null : new Date(key.publishedUntil).toISOString(),
      }));
    },
    async rotate({ now, withdraw }) {
      // A key sealed otherwise than the rest would keep every server from reading the set.
      await sealEverything(store, settings.sealer);
      const time = Date.now();
      const rotation = { now: time, publishedFor: now ? heardWithin : config.keys.publishFor * 1_000, withdraw };
      const result = await rotateSigningKey(store, settings, rotation);
      if (result.is === 'young') throw new Error('no rotation was asked for'); // only where an age is given
      if (result.is === 'rotated') {
        const fact = {
          type: withdraw ? 'key_retired' : 'key_published',
          outcome: 'allowed',
          coordinate: null,
          rule: null,
          accountId: null,
          clientId: null,
          detail: `command line: ${rotationDetail(result)}`,
        } as const;
        await writeAuditEvents(store, [{ fact, count: 1, at: time }]);
      }
      const { kid, alg, signsFrom } = result.key;
      return { is: result.is, kid, alg, signsFrom: new Date(signsFrom).toISOString() };
    },
    close: () => store.destroy(),
  };
}

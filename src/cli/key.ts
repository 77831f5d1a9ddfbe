import { ClaimgateError } from '../errors.ts';
import { replaceCookieKey } from '../identity/keys/cookie-key.ts';
import { knownWithinMs, rotateSigningKey, rotationDetail } from '../identity/keys/rotation.ts';
import { sealEverything } from '../identity/keys/sealed.ts';
import { keyStateAt, listSigningKeys, type SigningKey } from '../identity/keys/signing-keys.ts';
import type { Store } from '../identity/store.ts';
import { administer, type Desk, type Tasks } from './administer.ts';
import type { Told } from './print.ts';

const tasks: Tasks = {
  list: {
    async task({ store, printer, now }, { words }) {
      words();
      for (const key of await toldKeys(store, now())) printer.row(key);
    },
  },

  rotate: {
    options: { now: { type: 'boolean' }, withdraw: { type: 'boolean' } },
    async task({ store, keys, printer, changing, now }, { words, flag }) {
      words();
      await sealAsTheRest(store, keys);
      const withdraw = flag('withdraw');
      const rotation = { now: now(), publishedFor: flag('now') ? knownWithinMs : keys.publishedFor, withdraw };
      const result = await changing(
        (transaction) => rotateSigningKey(transaction, keys, rotation),
        (made) => (made.is === 'rotated' ? [withdraw ? 'key_retired' : 'key_published', rotationDetail(made)] : null),
      );
      if (result.is === 'young') throw new Error('no age was asked for'); // only where one is given
      const told = (await toldKeys(store, now())).find(({ kid }) => kid === result.key.kid) ?? {};
      printer.thing(told, whatWasDone(result.is, withdraw));
    },
  },

  'replace-cookie-key': {
    async task({ store, keys, printer, now }, { words }) {
      words();
      await sealAsTheRest(store, keys);
      await replaceCookieKey(store, keys.sealer, 'command line', now());
      printer.thing(
        { replaced: true },
        'The key for cookies and forms is replaced: every browser is signed out, and sign-ins in progress begin anew. ' +
          'Grants and tokens stay. Running servers use the new key within two seconds.',
      );
    },
  },
};

/** The signing keys, on the database itself. @returns the exit code */
export function key(args: readonly string[]): Promise<number> {
  return administer('key', tasks, args);
}

async function toldKeys(store: Store, now: number): Promise<Told[]> {
  const keys = await listSigningKeys(store);
  return keys.map((key: SigningKey) => ({
    kid: key.kid,
    alg: key.alg,
    state: keyStateAt(keys, key, now),
    signsFrom: new Date(key.signsFrom).toISOString(),
    publishedUntil: key.publishedUntil === null ? null : new Date(key.publishedUntil).toISOString(),
  }));
}

/** A key sealed otherwise than the rest would keep every server from reading the set. */
async function sealAsTheRest(store: Store, { sealer }: Desk['keys']): Promise<void> {
  try {
    await sealEverything(store, sealer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ClaimgateError(
      'CONFLICT',
      `CLAIMGATE_KEY: expected the key that the database was encrypted with; ${reason}`,
    );
  }
}

function whatWasDone(is: 'rotated' | 'pending', withdraw: boolean): string {
  if (is === 'pending') return 'A key waits to sign already, and nothing was made; --now makes it sign in two seconds.';
  const withdrawn = withdraw ? 'The key that signed is withdrawn: what it signed is refused within two seconds. ' : '';
  return `${withdrawn}Running servers know this key within two seconds.`;
}

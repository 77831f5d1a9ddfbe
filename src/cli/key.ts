import { ClaimgateError } from '../errors.ts';
import { replaceCookieKey } from '../identity/keys/cookie-key.ts';
import { knownWithinMs, rotateSigningKey, rotationDetail } from '../identity/keys/rotation.ts';
import { sealEverything } from '../identity/keys/sealed.ts';
import { keyStateAt, listSigningKeys, type SigningKey } from '../identity/keys/signing-keys.ts';
import type { Store } from '../identity/store.ts';
import { administer, type CommandContext, type Tasks } from './administer.ts';
import type { OutputRecord } from './print.ts';

const tasks: Tasks = {
  list: {
    async task({ store, printer, now }, { words }) {
      words();
      for (const key of await keyRecords(store, now())) printer.row(key);
    },
  },

  rotate: {
    options: { now: { type: 'boolean' }, withdraw: { type: 'boolean' } },
    async task({ store, keys, printer, changing, now }, { words, flag }) {
      words();
      await sealAsTheRest(store, keys);
      const withdraw = flag('withdraw');
      const rotation = { now: now(), publishedForMs: flag('now') ? knownWithinMs : keys.publishedForMs, withdraw };
      const result = await changing(
        (transaction) => rotateSigningKey(transaction, keys, rotation),
        (made) => (made.is === 'rotated' ? [withdraw ? 'key_retired' : 'key_published', rotationDetail(made)] : null),
      );
      if (result.is === 'young') throw new Error('no age was asked for'); // No minimum age is set here.
      const record = (await keyRecords(store, now())).find(({ kid }) => kid === result.key.kid) ?? {};
      printer.thing(record, describeRotation(result.is, withdraw));
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

/** Manages the signing keys and the cookie key, directly in the database. @returns the exit code */
export function key(args: readonly string[]): Promise<number> {
  return administer('key', tasks, args);
}

async function keyRecords(store: Store, now: number): Promise<OutputRecord[]> {
  const keys = await listSigningKeys(store);
  return keys.map((key: SigningKey) => ({
    kid: key.kid,
    alg: key.alg,
    state: keyStateAt(keys, key, now),
    signsFrom: new Date(key.signsFrom).toISOString(),
    publishedUntil: key.publishedUntil === null ? null : new Date(key.publishedUntil).toISOString(),
  }));
}

/**
 * Encrypts the signing keys and the server's own secrets with the current `CLAIMGATE_KEY`, before a new secret is
 * written. Without `CLAIMGATE_KEY`, it only checks that they are not encrypted. Servers can read the set of keys only
 * if all of them are encrypted in one way.
 *
 * @throws ClaimgateError `CONFLICT` if `CLAIMGATE_KEY` is not the key with which the database was encrypted
 */
async function sealAsTheRest(store: Store, { sealer }: CommandContext['keys']): Promise<void> {
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

function describeRotation(is: 'rotated' | 'pending', withdraw: boolean): string {
  if (is === 'pending')
    return 'A new key already waits to sign, so none was made. With --now the waiting key signs in two seconds.';
  const withdrawn = withdraw ? 'The key that signed is withdrawn: what it signed is refused within two seconds. ' : '';
  return `${withdrawn}Running servers know this key within two seconds.`;
}

import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { createAccount } from './accounts/accounts.ts';
import { registerApplication } from './applications/applications.ts';
import { cookieKeyName } from './keys/cookie-key.ts';
import type { KeySettings } from './keys/rotation.ts';
import { firstPartyClientId } from './applications/first-party.ts';
import { madeUpPassword } from './accounts/checked-fields.ts';
import { hashPassword } from './accounts/password-hash.ts';
import { administrator } from './grants/scopes.ts';
import { purposeOfSecret, sealSecret } from './keys/sealed.ts';
import { newSecret } from './keys/secrets.ts';
import { addSigningKey, newSigningKey } from './keys/signing-keys.ts';

export interface FirstStartOptions {
  /** The administrator's email address. */
  readonly email: string;
  /** The administrator's password; undefined: a random password, which is passed to `announce`. */
  readonly password: string | undefined;
  /** The algorithm of the first signing key, and the sealer for the stored keys. */
  readonly keys: Pick<KeySettings, 'algorithm' | 'sealer'>;
  /** Shows the random password to the operator. It is called before the commit. If it throws, nothing is stored. */
  readonly announce: (credentials: { readonly email: string; readonly password: string }) => void;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Fills an empty database with a signing key, the cookie key, an administrator and the first-party application. If
 * several processes start together, one of them fills the database.
 *
 * @returns false if the database was filled before, or another process filled it
 */
export async function firstStart(store: Store, options: FirstStartOptions): Promise<boolean> {
  if (await isDone(store)) return false;

  // Slow work is done before the transaction, because the transaction blocks other writers.
  const password = options.password ?? madeUpPassword();
  const passwordHash = await hashPassword(password);
  const { algorithm, sealer } = options.keys;
  const key = await newSigningKey(algorithm, options.now);

  return inTransaction(store, async (transaction) => {
    // If several processes start together, they wait here until one has committed.
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('server_secrets')
      .values({ name: cookieKeyName, value: sealSecret(sealer, newSecret(), purposeOfSecret(cookieKeyName)) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return false;
    await addSigningKey(transaction, key, sealer);
    await createAccount(transaction, { email: options.email, passwordHash, roles: [administrator] }, options.now);
    await registerApplication(
      transaction,
      {
        name: 'Claimgate',
        tokenEndpointAuthMethod: 'none',
        applicationType: 'native',
        redirectUris: ['http://127.0.0.1/callback'],
        scopes: null,
        registeredBy: null,
      },
      options.now,
      firstPartyClientId,
    );
    if (options.password === undefined) options.announce({ email: options.email, password });
    return true;
  });
}

async function isDone(store: Store): Promise<boolean> {
  const row = await store
    .selectFrom('server_secrets')
    .select('name')
    .where('name', '=', cookieKeyName)
    .executeTakeFirst();
  return row !== undefined;
}

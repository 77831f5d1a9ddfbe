import type { Store } from '../store/tables.ts';
import { inTransaction } from '../store/transaction.ts';
import { createAccount } from './accounts/accounts.ts';
import { registerApplication } from './applications/applications.ts';
import { cookieKeyName } from './keys/cookie-key.ts';
import type { KeySettings } from './keys/rotation.ts';
import { firstPartyClientId } from './applications/first-party.ts';
import { hashPassword } from './accounts/password-hash.ts';
import { administrator } from './grants/scopes.ts';
import { purposeOfSecret, sealSecret } from './keys/sealed.ts';
import { newSecret } from './keys/secrets.ts';
import { addSigningKey, newSigningKey } from './keys/signing-keys.ts';

export interface FirstStartOptions {
  /** The administrator's email address. */
  readonly email: string;
  /** The administrator's password; absent: one is made up and handed to `announce`. */
  readonly password: string | undefined;
  /** Of the first signing key, and what its private half and the key for cookies are sealed with. */
  readonly keys: Pick<KeySettings, 'algorithm' | 'sealer'>;
  /**
   * Tells somebody the password that was made up, before anything is committed: if this throws, nothing has happened.
   */
  readonly announce: (credentials: { readonly email: string; readonly password: string }) => void;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes what an empty database lacks: a signing key, a key for cookies, an administrator and the first-party application.
 * On a database that has them nothing changes; of several processes that start together, one does it.
 *
 * @returns whether this call did it
 */
export async function firstStart(store: Store, options: FirstStartOptions): Promise<boolean> {
  if (await isDone(store)) return false;

  // Slow work comes before the transaction, which keeps other writers out.
  const password = options.password ?? newSecret().slice(0, 24);
  const passwordHash = await hashPassword(password);
  const { algorithm, sealer } = options.keys;
  const key = await newSigningKey(algorithm, options.now);

  return inTransaction(store, async (transaction) => {
    // Of several that start together the others wait here until the first has committed.
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

import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { revoking } from '../store/revocations.ts';
import type { Store, Tables } from '../store/tables.ts';
import { inOrder } from './page.ts';
import { passwordMatches } from './passwords.ts';

/** A person. */
export interface Account {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly roles: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** A disabled account cannot sign in, and its grants yield nothing. */
  readonly disabled: boolean;
}

/** The account with this identifier, disabled or not. */
export async function findAccount(store: Store, id: string): Promise<Account | null> {
  const [account = null] = await findAccounts(store, [id]);
  return account;
}

/** @returns the accounts in the order of `ids`; null where there is none */
export async function findAccounts(store: Store, ids: readonly string[]): Promise<(Account | null)[]> {
  const rows = await store.selectFrom('accounts').selectAll().where('id', 'in', ids).execute();
  return inOrder(ids, rows.map(account));
}

/**
 * The account that this email address and password belong to.
 *
 * An unknown address, a wrong password and a disabled account answer alike and take the same time.
 *
 * @returns null if any of it is wrong. Does not check how often was guessed.
 */
export async function authenticate(store: Store, email: string, password: string): Promise<Account | null> {
  const row = await store
    .selectFrom('accounts')
    .selectAll()
    .where('email', '=', normalizeEmail(email))
    .executeTakeFirst();
  const matches = await passwordMatches(password, row?.password_hash);
  return row && matches && row.disabled_at === null ? account(row) : null;
}

/** The identifier of the account with this email address, disabled or not. */
export async function accountIdOf(store: Store, email: string): Promise<string | null> {
  const row = await store
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', normalizeEmail(email))
    .executeTakeFirst();
  return row?.id ?? null;
}

/**
 * Adds an account.
 *
 * @param passwordHash from `hashPassword`
 * @param now milliseconds since the epoch
 * @throws if the email address is taken
 */
export async function createAccount(
  store: Store,
  fields: { readonly email: string; readonly passwordHash: string; readonly roles: readonly string[] },
  now: number,
): Promise<Account> {
  const row = {
    id: randomUUID(),
    email: normalizeEmail(fields.email),
    password_hash: fields.passwordHash,
    roles: JSON.stringify(fields.roles),
    created_at: now,
    disabled_at: null,
  };
  await store.insertInto('accounts').values(row).execute();
  return account(row);
}

/** How long a token may still be on its way that was asked for before its account was disabled, in milliseconds. */
const onItsWay = 5_000;

/**
 * Disables an account: nobody signs in to it, its grants yield nothing, and every access token that stands for it is
 * refused, at once in this process and in every other within two seconds. What it granted stays, for the day it is enabled
 * again; no token issued before that counts even then.
 *
 * @param now milliseconds since the epoch
 * @returns false if there is no such account. Does not keep the last administrator from being disabled.
 */
export async function disableAccount(store: Store, id: string, now: number): Promise<boolean> {
  return revoking(store, now, async (transaction, revoke) => {
    const { numUpdatedRows } = await transaction
      .updateTable('accounts')
      .set({ disabled_at: now })
      .where('id', '=', id)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await revoke([{ kind: 'account', id, issuedUntil: now + onItsWay }]);
    return true;
  });
}

/** Addresses are compared in lower case: nobody's mail depends on it, and two accounts must not look alike. */
function normalizeEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

function account(row: Selectable<Tables['accounts']>): Account {
  return {
    id: row.id,
    email: row.email,
    roles: JSON.parse(row.roles),
    createdAt: row.created_at,
    disabled: row.disabled_at !== null,
  };
}
